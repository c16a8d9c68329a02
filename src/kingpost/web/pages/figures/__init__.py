"""Figures of several pages: process maps and charts."""
