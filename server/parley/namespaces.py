"""The namespaces Parley uses, and the one prefix map of every serialisation.

Whatever works with rdflib imports this module first, so rdflib is made safe here, once:
lexical forms stay as written (``"1e999999999"^^xsd:decimal`` would be expanded), and ``FROM``
in rdflib's own SPARQL engine reads neither files nor the network.
"""

from __future__ import annotations

from typing import Final

import rdflib
import rdflib.plugins.sparql
from rdflib import Namespace
from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, XSD

rdflib.NORMALIZE_LITERALS = False
rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False

#: Address under which every IRI of the project is minted.
BASE: Final = "https://w3id.org/parley/"

#: The ontology's terms; the ontology IRI itself has no ``#``.
PL: Final = Namespace(f"{BASE}ns#")
#: Relation types.
PLR: Final = Namespace(f"{BASE}relation/")
#: Objective categories.
PLOC: Final = Namespace(f"{BASE}scheme/objective-category/")
#: Data individuals: ``<kind>/<slug>``.
PLID: Final = Namespace(f"{BASE}id/")
#: One namespace for each kind of entity whose IRI is ``<kind>/<slug>``; claims, arguments and
#: passages have their document's slug in between and so no namespace for all documents.
KIND_NAMESPACES: Final[dict[str, str]] = {
    kind: f"{PLID}{kind}/"
    for kind in (
        "actor", "document", "list", "objective", "occurrence", "period", "place",
        "proposition", "quality", "topic",
    )
}  # fmt: skip
#: Graph names of the built dataset.
GRAPH: Final = Namespace(f"{BASE}graph/")
#: SHACL shapes.
PLSH: Final = Namespace(f"{BASE}shapes#")

BIBO: Final = Namespace("http://purl.org/ontology/bibo/")
DCAT_NS: Final = Namespace("http://www.w3.org/ns/dcat#")
OA: Final = Namespace("http://www.w3.org/ns/oa#")
SCHEMA: Final = Namespace("https://schema.org/")
SD: Final = Namespace("http://www.w3.org/ns/sparql-service-description#")
SH: Final = Namespace("http://www.w3.org/ns/shacl#")
SSSOM: Final = Namespace("https://w3id.org/sssom/")
VANN: Final = Namespace("http://purl.org/vocab/vann/")
VOID: Final = Namespace("http://rdfs.org/ns/void#")
VS: Final = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")

#: Prefix to namespace, for every Turtle, TriG and RDF/XML that Parley writes.
PREFIXES: Final[dict[str, str]] = {
    "bibo": str(BIBO),
    "dcat": str(DCAT_NS),
    "dcterms": str(DCTERMS),
    "foaf": str(FOAF),
    "oa": str(OA),
    "owl": str(OWL),
    "pl": str(PL),
    "plid": str(PLID),
    "ploc": str(PLOC),
    "plr": str(PLR),
    "plsh": str(PLSH),
    "prov": str(PROV),
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SCHEMA),
    "sd": str(SD),
    "sh": str(SH),
    "skos": str(SKOS),
    "sssom": str(SSSOM),
    "vann": str(VANN),
    "void": str(VOID),
    "vs": str(VS),
    "xsd": str(XSD),
    **KIND_NAMESPACES,
}
