"""How quick the dashboard is over a nation's stock: `python -m tests.nation`; not a test."""
