"""The errors Parley raises, each with the place, the remedy and its HTTP status.

::

    ParleyError                        500  our own fault, unless a child says otherwise
    ├── InputError                     400  something a person wrote or gave is wrong
    │   ├── HomeNotFoundError               no directory holds ontology/, data/ and queries/
    │   ├── SettingError                    a setting has a value it cannot have
    │   ├── TermError                       not an IRI, slug or literal we accept
    │   ├── TurtleSyntaxError               a Turtle file does not parse (file, line)
    │   ├── FormatError                     a file that canonical Turtle cannot hold as it is
    │   ├── DocumentError
    │   │   ├── SourceMissingError, SourceChangedError  source.txt is not there or another
    │   │   └── QuotationError              a quotation does not stand in the source just once
    │   ├── VocabularyError                 an undeclared term, an unknown entity
    │   ├── OntologyError                   an import that no catalog maps, a profile violation
    │   │   └── InconsistentOntologyError   no model satisfies the axioms
    │   ├── NotConformingError              SHACL shapes or checks are violated
    │   ├── LinkError                       a link table is malformed (file, row, column)
    │   └── QueryFileError                  a .rq file lacks its header or does not parse
    ├── RequestError                   400  an HTTP request we cannot serve as asked
    │   ├── QuerySyntaxError                the query or update does not parse (line, column)
    │   ├── QueryRefusedError               the pre-check refuses: too deep, SERVICE, LOAD, …
    │   ├── UnauthorizedError 401, ForbiddenError 403, NotFoundError 404
    │   ├── MethodNotAllowedError 405, NotAcceptableError 406
    │   ├── StaleError                 409  what was decided on has changed meanwhile
    │   ├── LengthRequiredError        411  a write whose end cannot be told from a break
    │   ├── PreconditionFailedError    412  the graph is not as If-Match or If-None-Match says
    │   ├── PayloadTooLargeError, ResultTooLargeError  413  request or answer over the limit
    │   ├── UriTooLongError 414, UnsupportedMediaTypeError 415
    │   ├── ExpectationFailedError     417
    │   ├── WriteRefusedError          422  the data would not conform to the shapes any more
    │   ├── TooManyRequestsError       429
    │   └── UnknownCodingError         501  a body in a transfer coding we do not read
    ├── EngineError                    500
    │   ├── DeadlineExceededError      503  the query was stopped at its time limit
    │   │   └── RemoteDeadlineError    504  the remote engine took too long
    │   ├── WorkerDiedError            503  the query took its worker down, or ran out of memory
    │   ├── EngineBusyError            503  all workers are taken and the queue is full
    │   ├── StateChangedError          503  another write came between the look and the write
    │   └── RemoteEngineError          502  the remote engine is down or answers nonsense
    │       └── RemoteRefusedError          the remote engine wants another token
    ├── StoreError                     500
    │   └── StoreLockedError                another process holds the store
    ├── ExportError                    500  files cannot be written: no room, no permission
    ├── ReadingError                   500  a page cannot show a quotation where it stands
    ├── ReasonerError                  500  no Java, a time-out, a crash of the reasoner
    ├── ModelError                     502  the model that was asked for help gives none
    ├── DraftError                     400  a source that cannot be drafted
    └── ReviewError                    422  a decision on a draft that cannot be taken so
"""

from __future__ import annotations

from typing import ClassVar

from parley.place import Place as Place  # noqa: TC001 - the others take it from here


def reason(error: OSError | UnicodeDecodeError) -> str:
    """Say in words why a file cannot be read as text; the file is named by whoever says it."""
    if isinstance(error, UnicodeDecodeError):
        return f"it is not UTF-8 from byte {error.start} on"
    return error.strerror or str(error)


class ParleyError(Exception):
    """Every error Parley raises on purpose."""

    #: HTTP status of the problem document.
    status: ClassVar[int] = 500
    #: Short name of the kind of error, the problem document's ``title``.
    title: ClassVar[str] = "Something went wrong on our side"
    #: Seconds after which the same request may succeed; None when waiting does not help.
    retry_after_s: int | None = None

    def __init_subclass__(cls, *, title: str = "", status: int = 0) -> None:
        """Take what the kind of error says of itself, and the rest from its parent."""
        cls.title = title or cls.title
        cls.status = status or cls.status

    def __init__(self, message: str, *, remedy: str = "", place: Place | None = None) -> None:
        super().__init__(message)
        #: What is wrong, with the value that is wrong.
        self.message = message
        #: What the reader can do about it; may be empty.
        self.remedy = remedy
        #: Where it is wrong, when there is such a place.
        self.place = place

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        then = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{then}"


class InputError(ParleyError, status=400, title="The input is wrong"):
    """Something a person wrote or gave is wrong."""


class HomeNotFoundError(InputError, title="No home found"):
    """No directory holds ontology/, data/ and queries/."""


class SettingError(InputError, title="A setting is wrong"):
    """A setting has a value it cannot have."""


class TermError(InputError, title="Not a valid term"):
    """A text is not the IRI, slug or literal it should be."""


class TurtleSyntaxError(InputError, title="Turtle syntax error"):
    """A Turtle file does not parse."""


class FormatError(InputError, title="The file cannot be formatted"):
    """A file holds what canonical Turtle cannot: comments, relative IRIs, another syntax."""


class DocumentError(InputError, title="A document is wrong"):
    """A document folder is not as it should be."""


class SourceMissingError(DocumentError, title="The source is missing"):
    """A document folder has no source.txt, or one that is not UTF-8 text."""


class SourceChangedError(DocumentError, title="The source has changed"):
    """The source is not the text that was curated: its digest differs."""


class QuotationError(DocumentError, title="A quotation does not match the source"):
    """A quotation does not stand in the source exactly once."""


class VocabularyError(InputError, title="Unknown term"):
    """A term is not declared, or an entity is unknown."""


class OntologyError(InputError, title="The ontology is wrong"):
    """The ontology cannot be loaded or used as it is."""


class InconsistentOntologyError(OntologyError, title="The ontology is inconsistent"):
    """The reasoner found no model that satisfies all axioms."""


class NotConformingError(InputError, title="The data does not conform"):
    """SHACL shapes or checks are violated."""


class LinkError(InputError, title="A link table is wrong"):
    """A link table is malformed."""


class QueryFileError(InputError, title="A query file is wrong"):
    """A query file lacks its header or does not parse."""


class RequestError(ParleyError, status=400, title="Bad request"):
    """An HTTP request that cannot be served as asked."""


class QuerySyntaxError(RequestError, title="The query does not parse"):
    """The query or update does not parse; the place has line and column."""


class QueryRefusedError(RequestError, title="The query is refused"):
    """The pre-check refuses the query before the engine sees it."""


class UnauthorizedError(RequestError, status=401, title="A valid token is needed"):
    """Credentials are missing or wrong."""


class ForbiddenError(RequestError, status=403, title="Not allowed"):
    """The operation is switched off or not for this client."""


class NotFoundError(RequestError, status=404, title="Not found"):
    """There is nothing at this address."""


class MethodNotAllowedError(RequestError, status=405, title="Method not allowed"):
    """The resource does not answer this HTTP method."""


class NotAcceptableError(RequestError, status=406, title="No acceptable format"):
    """None of the media types asked for can be produced."""


class StaleError(RequestError, status=409, title="The file has changed meanwhile"):
    """What was decided on has changed meanwhile; ``changes`` says where, in words."""

    def __init__(self, message: str, *, remedy: str = "", changes: tuple[str, ...] = ()) -> None:
        super().__init__(message, remedy=remedy)
        self.changes = changes


class LengthRequiredError(RequestError, status=411, title="A length is needed"):
    """A write does not say how long it is, so that a part of it would pass for the whole."""


class PreconditionFailedError(RequestError, status=412, title="The graph has changed"):
    """The graph is not in the state that the request's conditions ask for."""


class PayloadTooLargeError(RequestError, status=413, title="The request is too large"):
    """The request body is over the limit."""


class ResultTooLargeError(RequestError, status=413, title="The result is too large"):
    """The complete answer is over the limit, and a part of it is no answer."""


class UriTooLongError(RequestError, status=414, title="The address is too long"):
    """The request line is over the limit."""


class UnsupportedMediaTypeError(RequestError, status=415, title="Unsupported media type"):
    """The request body is in a media type we do not read."""


class ExpectationFailedError(RequestError, status=417, title="Not what can be expected"):
    """The request expects of the server what it does not know."""


class WriteRefusedError(RequestError, status=422, title="The data would not conform"):
    """A write that would leave the data not conforming to the shapes; nothing was written."""

    def __init__(self, message: str, *, results: tuple[str, ...], report: bytes) -> None:
        super().__init__(message, remedy="Mend what the results say, then send the write again.")
        #: Each violation in words.
        self.results = results
        #: The validation report as Turtle.
        self.report = report


class TooManyRequestsError(RequestError, status=429, title="Too many requests"):
    """The client has used up its share for now."""

    retry_after_s = 10


class UnknownCodingError(RequestError, status=501, title="Unknown transfer coding"):
    """The request body is in a transfer coding we do not read."""


class EngineError(ParleyError, title="The engine failed"):
    """The engine failed."""


class DeadlineExceededError(EngineError, status=503, title="The query took too long"):
    """The query was stopped at its time limit."""

    retry_after_s = 30


class RemoteDeadlineError(
    DeadlineExceededError, status=504, title="The remote engine took too long"
):
    """The remote engine did not answer in time, or stopped the query at a limit of its own."""


class WorkerDiedError(EngineError, status=503, title="The query could not be completed"):
    """The query took its worker down, or the worker ran out of memory."""

    retry_after_s = 30


class EngineBusyError(EngineError, status=503, title="The endpoint is busy"):
    """All workers are taken and the queue is full."""

    retry_after_s = 2


class StateChangedError(EngineError, status=503, title="Another write came first"):
    """A write that was to find the data in a certain state found it in another."""

    retry_after_s = 1


class RemoteEngineError(EngineError, status=502, title="The remote engine failed"):
    """The remote engine is down or does not answer as SPARQL 1.1 says."""

    retry_after_s: int | None = 10


class RemoteRefusedError(RemoteEngineError, title="The remote engine refuses the token"):
    """The remote engine refuses our credentials."""

    retry_after_s = None


class StoreError(ParleyError, title="The store cannot be used"):
    """The store cannot be opened, read or written."""


class StoreLockedError(StoreError, title="The store is locked"):
    """Another process holds the store."""


class ExportError(ParleyError, title="The files cannot be written"):
    """Files that are to be published cannot be written."""


class ReadingError(ParleyError, title="The article cannot be shown"):
    """The words of a passage do not stand in the source that a page would show them in."""


class ReasonerError(ParleyError, title="The reasoner could not run"):
    """The reasoner could not run: no Java, a time-out or a crash."""


class ModelError(ParleyError, status=502, title="The model gave no help"):
    """The language model that was asked for help cannot be asked, or gives no usable answer."""


class DraftError(InputError, title="The source cannot be drafted"):
    """A source cannot be drafted."""


class ReviewError(ParleyError, status=422, title="The decision cannot be taken so"):
    """A decision on a drafted claim cannot be taken as given; the message says what is wrong."""
