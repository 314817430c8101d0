"""The review of one document at work: it reads what the file says, decides, saves and undoes.

Whoever decides names the revision that was looked at. When the file is another one by now,
because of another tab, another process, an editor or Protégé, nothing is done and the answer
says what has changed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from rdflib import Graph, URIRef

from parley.drafting.review import catalogue, decisions, files, journal, proposals
from parley.drafting.review.catalogue import Shelf
from parley.drafting.review.changes import Change
from parley.drafting.review.journal import Step
from parley.drafting.review.minting import Desk
from parley.errors import ReviewError, StaleError
from parley.terms import check_slug

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from parley.drafting.review.catalogue import Catalogue
    from parley.drafting.review.files import ClaimsFile
    from parley.drafting.review.journal import Journal, Tally
    from parley.drafting.review.proposals import Proposal
    from parley.home import Home

ACTS: Final = ("accept", "edit", "reject", "add")
_REMEMBERED: Final = 64
_TOLD: Final = 12


@dataclass(frozen=True, slots=True)
class State:
    """What a curator works on: the file's claims, the steps taken, how the rules have done."""

    file: ClaimsFile
    proposals: tuple[Proposal, ...]
    journal: Journal
    tallies: Mapping[str, Tally]

    @property
    def revision(self) -> str:
        """The name of the file's state."""
        return self.file.revision

    def precision(self, proposal: Proposal) -> float:
        """Return how likely a proposal is good: what its rule promised, and how it has done."""
        tally = self.tallies.get(proposal.rule, journal.Tally())
        return tally.precision(proposal.confidence)

    def ranked(self) -> list[Proposal]:
        """Return the proposals that wait, the surest first; equals in the order of the text."""
        waiting = [p for p in self.proposals if p.status == "drafted"]
        return sorted(waiting, key=lambda p: -self.precision(p))


class Review:
    """The review of one document of a home by one curator; threads may share it."""

    def __init__(
        self,
        home: Home,
        slug: str,
        curator: str,
        *,
        now: Callable[[], datetime] | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        """Read the document; ``now`` and ``shelf`` are the clock and the home's other files.

        Raises:
            ParleyError: There is no such document, or a file of it is wrong.
        """
        self.home = home
        self.slug = check_slug(slug)
        self.curator = curator
        self._now = now or (lambda: datetime.now(UTC))
        self._journal = journal.path_of(home, slug)
        self._lock = threading.RLock()
        self._file: ClaimsFile | None = None
        self._own = ""
        self._seen: OrderedDict[str, dict[str, Proposal]] = OrderedDict()
        self._shelf = shelf or Shelf(home, slug)
        with self._lock, journal.lock(self._journal):
            self._mend()

    def state(self) -> State:
        """Return what the file says now."""
        with self._lock:
            file = self._current()
            found = tuple(proposals.read(file.graph, file.document))
            self._remember(file.revision, found)
            journals = {j.path: j for j in journal.read_all(self.home)}
            own = journals.get(self._journal, journal.Journal(self._journal))
            return State(file, found, own, journal.tally(journals.values()))

    def catalogue(self) -> Catalogue:
        """Return what can be picked, as the files of the home have it now."""
        with self._lock:
            return catalogue.with_own(self._shelf.read(), self._current().graph)

    def decide(self, revision: str, act: str, claim: str, change: Change | None = None) -> State:
        """Take a decision and save it.

        Raises:
            StaleError: The file is not in that revision.
            ReviewError: The decision cannot be taken so.
        """
        if act not in ACTS:
            raise ReviewError(f"{act[:40]!r} is no decision: one of {', '.join(ACTS)}.")
        with self._lock, journal.lock(self._journal):
            state = self._fresh(revision)
            step, graph = self._taken(state, act, claim, change or Change())
            self._save(state, step, graph)
            return self.state()

    def undo(self, revision: str) -> State:
        """Take back the last decision that stands.

        Raises:
            StaleError: The file is not in that revision.
            ReviewError: There is none, or the file was changed there since by other means.
        """
        with self._lock, journal.lock(self._journal):
            state = self._fresh(revision)
            if not state.journal.standing:
                raise ReviewError("There is nothing to undo.")
            last = state.journal.standing[-1]
            graph = files.apply(state.file.graph, last.added, last.removed)
            if graph is None:
                raise ReviewError(
                    f"{_short(last.claim)} was changed by other means since, so that the decision "
                    "cannot be taken back.",
                    remedy="Edit the claim, or the file.",
                )
            step = self._step(state, journal.UNDONE, last.claim)
            self._save(state, replace(step, undoes=last.number, rule=last.rule), graph)
            return self.state()

    def _taken(self, state: State, act: str, claim: str, change: Change) -> tuple[Step, Graph]:
        graph, iri = state.file.graph, URIRef(claim)
        desk = self._desk(state)
        if act == "add":
            made, name = decisions.add(graph, desk, change)
            return self._step(state, journal.ADDED, str(name)), made
        before = next((p for p in state.proposals if p.claim == claim), None)
        if before is None:
            raise ReviewError(f"There is no claim {_short(claim)} in the file.")
        step = self._step(state, journal.ACCEPTED, claim)
        if before.status == "drafted":
            key = proposals.key_of(before, state.file.document)
            step = replace(step, rule=before.rule, key=key, quote=before.quote)
        if act == "reject":
            made = decisions.reject(graph, iri, desk.known.borrowed)
            return replace(step, act=journal.REJECTED), made
        if act == "accept":
            return step, decisions.accept(graph, desk, iri)
        made, name = decisions.edit(graph, desk, iri, change)
        return replace(step, act=journal.EDITED, claim=str(name)), made

    def _desk(self, state: State) -> Desk:
        at = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        taken = frozenset(step.claim for step in state.journal.steps)
        file = state.file
        return Desk(file.document, file.author, self._shelf.read(), self.curator, at, taken)

    def _step(self, state: State, act: str, claim: str) -> Step:
        at = self._now().astimezone(UTC).isoformat(timespec="seconds")
        return Step(
            number=state.journal.next_number, act=act, claim=claim, at=at, curator=self.curator
        )

    def _save(self, state: State, step: Step, graph: Graph) -> None:
        """Write the step, then the file, then that the file is written."""
        removed, added = files.difference(state.file.graph, graph)
        content = files.render(graph)
        after = files.revision_of(content)
        step = replace(step, before=state.revision, after=after, removed=removed, added=added)
        journal.append(self._journal, step)
        try:
            files.replace(state.file.path, content, state.revision)
        except (OSError, StaleError):
            journal.drop(self._journal, step)
            raise
        journal.confirm(self._journal, step)
        stamp = files.stamp(state.file.path.parent)
        self._file = replace(state.file, graph=graph, revision=after, stamp=stamp)
        self._own = after

    def _mend(self) -> None:
        """Make good a step whose file was not written before a crash."""
        file = self._current()
        step = journal.read(self._journal).unfinished
        if step is None:
            return
        graph = None
        if file.revision == step.before:
            graph = files.apply(file.graph, step.removed, step.added)
        if graph is not None:
            files.replace(file.path, files.render(graph), file.revision)
        elif file.revision != step.after:
            journal.drop(self._journal, step)
            return
        journal.confirm(self._journal, step)

    def _fresh(self, revision: str) -> State:
        """Return the state, when it is the one that was looked at, and may be written."""
        self._mend()
        state = self.state()
        if revision != state.revision:
            changes = self._changes(revision, state)
            raise StaleError(
                f"claims.ttl has been changed meanwhile: {'; '.join(changes)}.",
                remedy="Look at it as it is now, and decide again.",
                changes=changes,
            )
        if state.revision != self._own:
            files.check_writable(state.file)
            self._own = state.revision
        return state

    def _current(self) -> ClaimsFile:
        folder = self.home.documents / self.slug
        if self._file is None or self._file.stamp != files.stamp(folder):
            self._file = files.read(self.home, self.slug)
        return self._file

    def _remember(self, revision: str, found: tuple[Proposal, ...]) -> None:
        self._seen[revision] = {proposal.claim: proposal for proposal in found}
        self._seen.move_to_end(revision)
        while len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)

    def _changes(self, revision: str, state: State) -> tuple[str, ...]:
        """Say in words what the state has that a former revision had not."""
        if revision not in self._seen:
            return ("it is another file than the one you looked at",)
        old, new = self._seen[revision], {p.claim: p for p in state.proposals}
        told = [f"{_short(claim)} is gone" for claim in old if claim not in new]
        told += [f"{_short(claim)} is new" for claim in new if claim not in old]
        for claim, proposal in new.items():
            if claim in old and old[claim].status != proposal.status:
                told.append(f"{_short(claim)} is {proposal.status}")
            elif claim in old and old[claim] != proposal:
                told.append(f"{_short(claim)} is worded otherwise")
        if len(told) > _TOLD:
            told = [*told[:_TOLD], f"and {len(told) - _TOLD} more"]
        return tuple(told) or ("something beside the claims",)


def _short(claim: str) -> str:
    return claim.rpartition("/")[2]
