"""Read texts into typed trees."""
