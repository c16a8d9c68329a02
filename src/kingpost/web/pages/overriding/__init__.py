"""Going beyond an authority on the pages: asking, confirming, reviewing."""
