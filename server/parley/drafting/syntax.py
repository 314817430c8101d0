"""What the rules ask of a parsed sentence: subjects, complements, noun phrases, negation.

A span of tokens is a half-open pair of token indices of its parsed block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from parley.drafting import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Token

WH: Final = frozenset(
    ["whether", "if", "what", "who", "whom", "whose", "which", "why", "when", "where", "how"]
)
RELATIVE: Final = frozenset({"who", "which", "that", "whom"})
_SUBJECT: Final = frozenset({"nsubj", "nsubjpass"})
_CLIMBING: Final = 6
#: Relations to a verb whose subject a verb without one shares.
_SHARING: Final = frozenset({"conj", "advcl", "ccomp", "parataxis", "dep", "prep", "pcomp"})
#: Kinds of names, none among them, that the recogniser gives to people it has not heard of.
_UNSURE_NAMES: Final = frozenset({"", "FAC", "LOC", "PRODUCT"})


def lemma(token: Token) -> str:
    """Return a token's lemma, with the model's known slips mended."""
    mended = tables.mapping("lemmas.tsv", "form", "lemma").get(token.lower_)
    return mended or token.lemma_.lower()


def children(token: Token, *deps: str) -> Iterator[Token]:
    """Return the dependents of a token that stand in one of the relations, in order."""
    return (child for child in token.children if child.dep_ in deps)


def first(tokens: Iterable[Token]) -> Token | None:
    """Return the first of some tokens, or None."""
    return next(iter(tokens), None)


def is_passive(verb: Token) -> bool:
    """Say whether a verb is a passive participle."""
    if any(True for _ in children(verb, "auxpass", "nsubjpass")):
        return True
    if verb.tag_ == "VBN" and verb.left_edge == verb:
        done = verb.dep_ == "acl" and by_agent(verb) is not None
        if done or verb.dep_ == "advcl":
            return True
    return (
        verb.dep_ == "conj"
        and verb.tag_ == "VBN"
        and not own_subject(verb)
        and (verb.head.tag_ == "VBN" and is_passive(verb.head))
    )


def copula(token: Token) -> Token | None:
    """Return the verb that links an adjective or noun to its subject, or None."""
    if token.dep_ in {"acomp", "attr", "oprd"}:
        return token.head
    if is_degree_denied(token):
        return next((t for t in token.ancestors if t.pos_ in {"VERB", "AUX"}), None)
    if token.dep_ == "conj" and token.head.pos_ == token.pos_:
        return copula(token.head)
    return None


def subject(verb: Token, depth: int = 0) -> Token | None:
    """Return the head of the noun phrase that does what a verb says, or None when unsaid.

    Participles, infinitives and coordinated verbs share a subject; a relative pronoun gives
    way to its antecedent; a passive verb is done by its ``by`` phrase.
    """
    if depth > _CLIMBING:
        return None
    if is_passive(verb):
        return by_agent(verb)
    if own := own_subject(verb):
        return antecedent(own, verb) if own.lower_ in RELATIVE else own
    return _shared_subject(verb, depth)


def by_agent(verb: Token) -> Token | None:
    """Return the head of the ``by`` phrase of a passive verb, or None."""
    for agent in children(verb, "agent"):
        return first(children(agent, "pobj"))
    holders = [*children(verb, "oprd", "acomp")]
    for preposition in (p for p in children(verb, "prep") if p.lower_ == "as"):
        holders += children(preposition, "pobj", "amod")
    for preposition in (p for holder in holders for p in children(holder, "prep")):
        doer = first(children(preposition, "pobj"))
        if preposition.lower_ == "by" and doer is not None and is_someone(doer):
            return doer
    return None


def antecedent(pronoun: Token, verb: Token) -> Token:
    """Return the noun a relative clause describes; the pronoun itself when there is none."""
    clause = verb
    while clause.dep_ in {"conj", "xcomp"} and clause.head != clause:
        clause = clause.head
    named = first(children(clause.head, "attr"))
    if clause.dep_ == "ccomp" and clause.head.lemma_ == "be" and named is not None:
        return named
    if clause.dep_ not in {"relcl", "acl"}:
        return pronoun
    described = clause.head
    if described.pos_ in {"VERB", "AUX"} or described.i < described.head.i < pronoun.i:
        start = max(described.i, described.head.i)
        before = [t for t in pronoun.doc[start : pronoun.i] if is_someone(t)]
        return first(t for t in before if t.dep_ in {"dobj", "pobj", "attr"}) or pronoun
    linking = copula(described)
    named = first(children(linking, *_SUBJECT)) if linking is not None else None
    return named if named is not None and named.lower_ not in {"it", "there"} else described


def is_negated(token: Token) -> bool:
    """Say whether a predicate is denied: not, never, no longer, by no one, or fails to."""
    negative = tables.words("negations.tsv")
    if any(
        child.dep_ == "neg" or child.lower_ in negative
        for child in token.children
        if (child.dep_ in {"neg", "advmod", "preconj", "cc"})
    ):
        return True
    if any(_denies(child) for child in token.children) or _follows_negation(token):
        return True
    if any(is_few(child) for child in children(token, *_SUBJECT)):
        return True
    head = token.head
    if token.dep_ in {"acomp", "attr", "oprd"}:
        return is_negated(head)
    if token.dep_ == "xcomp" and head.i < token.i:
        if any(child.lower_ == "yet" for child in children(head, "advmod")):
            return lemma(head) == "have"
        return lemma(head) in tables.words("implicatives.tsv") or is_negated(head)
    if token.dep_ == "pcomp" and head.dep_ == "prep":
        return lemma(head.head) in tables.words("implicatives.tsv")
    return False


def is_few(noun: Token) -> bool:
    """Say whether a noun is few or little: not a few, nor the few."""
    words = [noun, *children(noun, "amod", "det")]
    few = any(word.lower_ in {"few", "little"} for word in words)
    return few and not any(word.lower_ in {"a", "the", "these", "those"} for word in words)


def _follows_negation(token: Token) -> bool:
    if token.i > 0 and token.doc[token.i - 1].lower_ in {"neither", "nor"}:
        return True
    return is_degree_denied(token)


def is_degree_denied(token: Token) -> bool:
    """Say whether a word is denied by degree: ``less than convinced``, ``far from certain``."""
    before = token.doc[max(0, token.i - 2) : token.i].text.lower()
    return " " in before and before in tables.words("negations.tsv")


def own_subject(verb: Token) -> Token | None:
    """Return a verb's subject, wherever the parser hung it; of a title, the name it introduces."""
    holders = [verb, *children(verb, "aux", "auxpass")]
    found = first(c for h in holders for c in children(h, *_SUBJECT) if c.tag_ != "EX")
    if found is None:
        return _stranded_subject(verb)
    for name in children(found, "appos"):
        if name.ent_type_ == "PERSON" and "," not in {t.text for t in verb.doc[found.i : name.i]}:
            return name
    return found


def _stranded_subject(verb: Token) -> Token | None:
    """Return the subject that the parser took for an apposition to the noun before it."""
    if verb.dep_ != "ROOT" or verb.tag_ not in {"VBD", "VBZ", "VBP"}:
        return None
    before = verb.doc[verb.sent.start : verb.i]
    names = [t for t in before if t.dep_ == "appos" and is_someone(t)]
    return names[-1] if names else None


def _shared_subject(verb: Token, depth: int) -> Token | None:
    head, dep = verb.head, verb.dep_
    if dep in _SHARING and head != verb and head.pos_ not in {"ADP", "SCONJ"}:
        return _subject_of_head(verb, head, depth)
    if dep == "xcomp":
        controlled = first(children(head, "dobj")) if has_to(verb) and _directs(head) else None
        return controlled or _subject_of_head(verb, head, depth)
    if stranded := _noun_left_alone(verb):
        return stranded
    if dep in {"acl", "relcl"}:
        beside = head.i + 1 == verb.i or is_someone(head)
        does = head.pos_ in {"NOUN", "PROPN", "PRON"} and not has_to(verb) and beside
        named = does and is_someone(head) and not is_document(head)
        return head if named else subject_of_noun(head, depth + 1)
    if dep in {"pcomp", "pobj"} and head.dep_ in {"prep", "agent", "advcl"}:
        return _subject_of_preposition(head, depth)
    return None


def _noun_left_alone(verb: Token) -> Token | None:
    """Return the subject of a verb that the parser took for a participle, and so left no verb.

    ``Haaretz, citing officials, reported that …`` is then parsed like ``the report, published``.
    """
    root = verb.sent.root
    beside = verb.i > 0 and (verb.nbor(-1).text == "," or verb.nbor(-1) == root)
    alone = verb.dep_ == "acl" and beside
    complete = any(True for _ in children(verb, "ccomp", "xcomp"))
    return root if alone and complete and root.pos_ in {"NOUN", "PROPN"} else None


def _directs(verb: Token) -> bool:
    """Say whether what a verb's object is to do depends on it: to ask, to cause; not to visit."""
    named = {cue for cue in tables.cues().get((lemma(verb), "verb"), ()) if "oinf" in cue.frames}
    return bool(named) or lemma(verb) in tables.words("causatives.tsv")


def _subject_of_head(verb: Token, head: Token, depth: int) -> Token | None:
    if is_passive(head) and not is_passive(verb):
        return own_subject(head)
    if head.pos_ in {"NOUN", "PROPN"} and verb.dep_ == "conj":
        return None
    return subject(head, depth + 1)


def _subject_of_preposition(preposition: Token, depth: int) -> Token | None:
    governor = preposition.head
    if governor.pos_ in {"NOUN", "PROPN"}:
        return subject_of_noun(governor, depth + 1)
    if preposition.lower_ == "as":
        before = [t for t in preposition.sent if t.i < preposition.i and t.dep_ == "dobj"]
        return before[-1] if before else own_subject(governor)
    if is_passive(governor):
        return own_subject(governor)
    return subject(governor, depth + 1)


def subject_of_noun(noun: Token, depth: int = 0) -> Token | None:
    """Return who has the view, plan or claim that a noun names, or None.

    Its possessor, its ``of``, ``by`` or ``from`` phrase when that is someone, or the subject of
    the verb that governs it.
    """
    return owner_of_noun(noun) or governing_subject(noun, depth)


def owner_of_noun(noun: Token) -> Token | None:
    """Return whose view, plan or claim the words about a noun itself say it is, or None."""
    if owner := possessor(noun):
        return owner
    for preposition in children(noun, "prep", "agent"):
        if preposition.lower_ in {"of", "by", "from", "among"}:
            owner = first(children(preposition, "pobj"))
            if owner is not None and is_someone(owner):
                return owner
    for clause in children(noun, "acl"):
        if clause.tag_ == "VBN" and (voice := by_agent(clause)):
            return voice
    return None


def governing_subject(noun: Token, depth: int = 0) -> Token | None:
    """Return who does what governs a noun; else the capital in which there is a view."""
    return _governing_subject(noun, depth) or _place_of(noun)


def possessor(noun: Token) -> Token | None:
    """Return whose a noun is; of ``whose``, the noun that the relative clause describes."""
    owner = first(children(noun, "poss"))
    if owner is None or owner.lower_ != "whose":
        return owner
    clause = noun
    while clause.dep_ not in {"relcl", "ROOT"}:
        clause = clause.head
    return clause.head if clause.dep_ == "relcl" else owner


def _place_of(noun: Token) -> Token | None:
    """Return where there is a view: ``suspicions in Paris that …``, ``in the ministry``."""
    for holder in (noun, noun.head):
        for preposition in children(holder, "prep"):
            place = first(children(preposition, "pobj")) if preposition.lower_ == "in" else None
            if place is not None and is_someone(place):
                return place
    return None


def _governing_subject(noun: Token, depth: int) -> Token | None:
    node = noun
    for _ in range(_CLIMBING):
        head = node.head
        if head == node or node.dep_ in _SUBJECT | {"csubj", "ROOT"}:
            return None
        if node.dep_ == "appos":
            return None
        if head.pos_ in {"VERB", "AUX"} or own_subject(head) is not None:
            return taken_from(head) or subject(head, depth + 1)
        if node.dep_ in {"pobj", "pcomp"} and head.head.pos_ in {"NOUN", "PROPN"}:
            return subject_of_noun(head.head, depth + 1)
        node = head
    return None


def taken_from(verb: Token) -> Token | None:
    """Return from whom a promise or statement is obtained: ``elicited from Sharif``."""
    if lemma(verb) in tables.words("obtaining.tsv"):
        for preposition in children(verb, "prep"):
            if preposition.lower_ == "from":
                return first(children(preposition, "pobj"))
    return None


def has_to(verb: Token) -> bool:
    """Say whether a verb is a to-infinitive."""
    return any(child.tag_ == "TO" for child in verb.children)


def is_someone(token: Token) -> bool:
    """Say whether a noun can think and speak: a person, a body of people, a state."""
    if token.ent_type_ in {"PERSON", "ORG", "GPE", "NORP"} or token._.actor:
        return True
    if token.tag_ in {"NNP", "NNPS"} and token.ent_type_ in _UNSURE_NAMES:
        return lemma(token) not in tables.words("documents.tsv")
    pronouns = tables.words("pronouns.tsv", "pronoun")
    if token.pos_ == "PRON" or (token.dep_ in _SUBJECT and token.lower_ in pronouns):
        return token.lower_ in pronouns
    if lemma(token) in tables.words("parts.tsv"):
        return any(is_someone(whole) for whole in _wholes(token))
    named = tables.words("people.tsv") | tables.words("titles.tsv")
    return lemma(token) in named or token.lower_ in named or _hyphenated(token) in named


def _hyphenated(token: Token) -> str:
    """Return a word with what a hyphen joins to it: ``think-tank``."""
    start = token.i - 2
    joined = start >= 0 and token.doc[token.i - 1].text == "-"
    return str(token.doc[start : token.i + 1].text.lower()) if joined else token.lower_


def is_document(token: Token) -> bool:
    """Say whether a noun names words on paper: a treaty, a report, a resolution."""
    named = tables.words("documents.tsv")
    return lemma(token) in named or token.lower_ in named


def _wholes(part: Token) -> Iterator[Token]:
    for preposition in children(part, "prep"):
        if preposition.lower_ == "of":
            yield from children(preposition, "pobj")


def _denies(child: Token) -> bool:
    if child.dep_ not in {"nsubj", "nsubjpass", "dobj", "agent"}:
        return False
    if child.lower_ in {"nobody", "none", "neither", "nothing"}:
        return True
    return any(d.lower_ in {"no", "neither"} for d in children(child, "det", "preconj", "cc"))


def is_quoted(token: Token) -> bool:
    """Say whether a token stands within quotation marks, by the marks before it."""
    before = [t.text for t in token.doc[: token.i]]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
