"""A simulated country: sites, stores and months of trade that follow from a seed."""
