"""The dashboard's frame: navigation, what every page says of its data, and errors in plain words.

The pages are in views/, not pages/: a folder of that name makes Streamlit run a page that a link
opens first on its own, without this frame.
"""

import html
from pathlib import Path

import duckdb
import streamlit as st

from dashboard import access, chooser, faults, filters, menu, published
from dashboard.language import _, mark
from pipelines.admin.sessions import User
from pipelines.errors import MainstemError
from warehouse.scope import Scope

HERE = Path(__file__).parent
SIMULATED = mark(
    "**Simulated data:** an invented country. Its sites, stores and stock do not exist."
)
LEAVE = '<form method="post" action="/sign-out"><button type="submit">{}</button></form>'

ROLES = {
    "administrator": mark("administrator"),
    "supervisor": mark("supervisor"),
    "viewer": mark("viewer"),
}
GRANTED = {"region": mark("region"), "district": mark("district"), "store": mark("store")}


def frame() -> None:
    """Draw the page that the URL names, in the frame that all pages share."""
    chooser.begin()
    page = st.navigation(menu.pages(), position="top")
    st.set_page_config(
        page_title=f"{page.title} · Mainstem", page_icon=HERE / "mark.svg", layout="wide"
    )
    st.logo(str(HERE / "wordmark.svg"), size="large")
    st.html(HERE / "style.css")
    with access.looking(access.token()) as user:
        if user is None:
            sign_in = f"[{_('Sign in')}](/sign-in)"
            st.warning(f"{_(access.ENDED)} {sign_in}", icon=":material/lock:")
            return
        snapshot = published.find()
        try:
            if snapshot is None:
                empty = _("No reports yet: run `mainstem sync`.")
                st.info(empty, icon=":material/hourglass_empty:")
                where = access.home().path.absolute()
                st.caption(_("Nothing is published in {where}.", where=where))
            else:
                heading(page.title)
                with filters.of_page(page.url_path):
                    page.run()
            signed_in(user)
        except MainstemError as error:
            st.error(faults.said(error))
        except duckdb.Error:
            st.error(
                _("The published reports cannot be read. Run `mainstem sync` to publish them anew.")
            )
    watch(snapshot)


def heading(title: str) -> None:
    """The page's title, how fresh its data is, and a banner when it is simulated."""
    told = published.read()
    with st.container(gap="xxsmall"):
        st.title(title, anchor=False)
        line = _("Data of cycle {cycle}, {clock}", cycle=told.cycle, clock=told.when)
        st.caption(line)
    if told.simulated:
        st.warning(_(SIMULATED), icon=":material/science:")


def signed_in(user: User) -> None:
    """Below the page, who is signed in and what that lets it see, and the languages there are."""
    st.divider()
    role = _(ROLES[user.role])
    with st.container(horizontal=True, vertical_alignment="center", key="signed-in"):
        if access.is_open():
            line = _(
                "Nobody signs in here: whoever looks is a {role} who sees everything.", role=role
            )
        else:
            line = _(
                "Signed in as {name}, {role}: sees {what}.",
                name=user.name, role=role, what=_sees(user.scope),
            )  # fmt: skip
        st.caption(line, width="stretch")
        chooser.draw()
        if not access.is_open():
            st.html(LEAVE.format(html.escape(_("Sign out"))), width="content")


def _sees(scope: Scope) -> str:
    if scope.everything:
        return _("everything")
    return ", ".join(f"{_(GRANTED[kind])} {value}" for kind, value in scope.each()) or _("nothing")


@st.fragment(run_every=15)
def watch(seen: published.Snapshot | None) -> None:
    """Draw the page again when another file was published, or the user may see something else."""
    with access.looking(access.token()) as user:
        changed = user is None or published.find() != seen
    if changed:
        st.rerun()


frame()
