"""The branches of parallel steps: what they leave behind, and with what no case goes on."""
