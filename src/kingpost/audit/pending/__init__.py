"""What acts have left to be done, worked out anew."""
