"""Live alarms: posts that stand empty, and work that reaches nobody."""
