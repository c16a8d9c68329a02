"""What changed in the company: its versions, and what a change to it would touch."""
