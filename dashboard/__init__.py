"""The dashboard: Streamlit pages over the published reports.duckdb, and nothing else."""
