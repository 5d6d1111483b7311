"""Keeps libraries quiet: telemetry off before any of them is imported, work kept in the home."""

import logging
import os
import warnings

OFF = {
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "ERROR",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}


def hush() -> None:
    """Turn telemetry off for this process and its children, and noise down."""
    os.environ.update(OFF)
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    logging.getLogger("dlt").setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"dlt\.|dagster\.|great_expectations\.")
