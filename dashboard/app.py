"""The dashboard's server: Streamlit's, behind a door where who comes signs in.

Started by `dashboard.serve`; it shows the home that $MAINSTEM_HOME names.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from dashboard import access, door, guard, oidc, serve
from pipelines.errors import MainstemError

if access.is_open() and st.get_option("server.address") not in access.LOOPBACK:
    raise MainstemError(f"With {serve.OPEN} nobody signs in: that is for 127.0.0.1 only.")
app = st.App(
    Path(__file__).with_name("frame.py"),
    routes=[*door.ROUTES, *oidc.ROUTES],
    middleware=[Middleware(guard.Guard)],
)
