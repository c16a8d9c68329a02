"""Tell from the register whether every case could still be finished, by whom, with anyone away."""
