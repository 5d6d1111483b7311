"""The dashboard's frame: navigation, what every page says of its data, and errors in plain words.

The pages are in views/, not pages/: a folder of that name makes Streamlit run a page that a link
opens first on its own, without this frame.
"""

from pathlib import Path

import duckdb
import streamlit as st

from dashboard import access, filters, menu, published
from pipelines.admin import users
from pipelines.admin.sessions import User
from pipelines.errors import MainstemError

HERE = Path(__file__).parent
SIMULATED = "**Simulated data:** an invented country. Its sites, stores and stock do not exist."
LEAVE = '<form method="post" action="/sign-out"><button type="submit">Sign out</button></form>'


def frame() -> None:
    """Draw the page that the URL names, in the frame that all pages share."""
    page = st.navigation(menu.pages(), position="top")
    st.set_page_config(
        page_title=f"{page.title} · Mainstem", page_icon=HERE / "mark.svg", layout="wide"
    )
    st.logo(str(HERE / "wordmark.svg"), size="large")
    st.html(HERE / "style.css")
    with access.looking(access.token()) as user:
        if user is None:
            st.warning(f"{access.ENDED} [Sign in](/sign-in)", icon=":material/lock:")
            return
        snapshot = published.find()
        try:
            if snapshot is None:
                st.info("No reports yet: run `mainstem sync`.", icon=":material/hourglass_empty:")
                st.caption(f"Nothing is published in {access.home().path.absolute()}.")
            else:
                heading(page.title)
                with filters.of_page(page.title):
                    page.run()
            signed_in(user)
        except MainstemError as error:
            st.error(str(error))
        except duckdb.Error:
            st.error(
                "The published reports cannot be read. Run `mainstem sync` to publish them anew."
            )
    watch(snapshot)


def heading(title: str) -> None:
    """The page's title, how fresh its data is, and a banner when it is simulated."""
    told = published.read()
    with st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        st.caption(told.line[0].upper() + told.line[1:])
    if told.simulated:
        st.warning(SIMULATED, icon=":material/science:")


def signed_in(user: User) -> None:
    """Below the page, who is signed in and what that lets it see."""
    st.divider()
    if access.is_open():
        st.caption(f"Nobody signs in here: whoever looks is a {user.role} who sees everything.")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="signed-in"):
        sees = users.words_of(user.scope)
        st.caption(f"Signed in as {user.name}, {user.role}: sees {sees}.", width="stretch")
        st.html(LEAVE, width="content")


@st.fragment(run_every=15)
def watch(seen: published.Snapshot | None) -> None:
    """Draw the page again when another file was published, or the user may see something else."""
    with access.looking(access.token()) as user:
        changed = user is None or published.find() != seen
    if changed:
        st.rerun()


frame()
