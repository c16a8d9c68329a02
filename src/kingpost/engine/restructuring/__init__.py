"""Changes of the organisation: posts are renamed, merged, split and abolished, and work goes on."""
