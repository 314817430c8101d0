"""The pictures as files to download or embed: ``/picture/timeline.svg`` and its like."""

from __future__ import annotations

import flask

from parley.web import network, rendering, scopes, timeline
from parley.web.pictures import alone

blueprint = flask.Blueprint("gallery", __name__)


@blueprint.route("/picture/<any(network, timeline):name>.svg")
@rendering.kept
def show_picture(name: str) -> flask.Response:
    """Return a picture as a file of its own; ``?about=`` limits it as on its page."""
    scope = scopes.read()
    if name == "timeline":
        entries = timeline.first_of_each(timeline.read_entries(scope), timeline.DRAWN)
        drawn = timeline.draw(timeline.complete(entries), scope)
    else:
        ties = network.first_frames(network.read_ties(scope))
        drawn = network.draw(ties, network.complete(ties), scope)
    picture = alone.make(drawn, base=f"{rendering.site().service.base_url}/")
    return flask.Response(picture, content_type="image/svg+xml; charset=utf-8")
