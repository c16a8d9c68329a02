"""Carrying live cases over: judged beforehand, done in stages, and told afterwards."""
