"""Commands about changes of the company that runs."""
