"""What a later version of the model says became of the posts and units of an earlier one."""
