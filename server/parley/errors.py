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
    │   ├── PreconditionFailedError    412  the graph is not as If-Match or If-None-Match says
    │   ├── PayloadTooLargeError, ResultTooLargeError  413  request or answer over the limit
    │   ├── UriTooLongError 414, UnsupportedMediaTypeError 415
    │   ├── WriteRefusedError          422  the data would not conform to the shapes any more
    │   └── TooManyRequestsError       429
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
    ├── DraftError                     400  a source that cannot be drafted
    └── ReviewError                    422  a decision on a draft that cannot be taken so
"""

from __future__ import annotations

from typing import ClassVar

from parley.place import Place as Place  # noqa: TC001 - the others take it from here


class ParleyError(Exception):
    """Every error Parley raises on purpose."""

    #: HTTP status of the problem document.
    status: ClassVar[int] = 500
    #: Short name of the kind of error, the problem document's ``title``.
    title: ClassVar[str] = "Something went wrong on our side"
    #: Seconds after which the same request may succeed; None when waiting does not help.
    retry_after_s: int | None = None

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


class InputError(ParleyError):
    """Something a person wrote or gave is wrong."""

    status = 400
    title = "The input is wrong"


class HomeNotFoundError(InputError):
    """No directory holds ontology/, data/ and queries/."""

    title = "No home found"


class SettingError(InputError):
    """A setting has a value it cannot have."""

    title = "A setting is wrong"


class TermError(InputError):
    """A text is not the IRI, slug or literal it should be."""

    title = "Not a valid term"


class TurtleSyntaxError(InputError):
    """A Turtle file does not parse."""

    title = "Turtle syntax error"


class FormatError(InputError):
    """A file holds what canonical Turtle cannot: comments, relative IRIs, another syntax."""

    title = "The file cannot be formatted"


class DocumentError(InputError):
    """A document folder is not as it should be."""

    title = "A document is wrong"


class SourceMissingError(DocumentError):
    """A document folder has no source.txt, or one that is not UTF-8 text."""

    title = "The source is missing"


class SourceChangedError(DocumentError):
    """The source is not the text that was curated: its digest differs."""

    title = "The source has changed"


class QuotationError(DocumentError):
    """A quotation does not stand in the source exactly once."""

    title = "A quotation does not match the source"


class VocabularyError(InputError):
    """A term is not declared, or an entity is unknown."""

    title = "Unknown term"


class OntologyError(InputError):
    """The ontology cannot be loaded or used as it is."""

    title = "The ontology is wrong"


class InconsistentOntologyError(OntologyError):
    """The reasoner found no model that satisfies all axioms."""

    title = "The ontology is inconsistent"


class NotConformingError(InputError):
    """SHACL shapes or checks are violated."""

    title = "The data does not conform"


class LinkError(InputError):
    """A link table is malformed."""

    title = "A link table is wrong"


class QueryFileError(InputError):
    """A query file lacks its header or does not parse."""

    title = "A query file is wrong"


class RequestError(ParleyError):
    """An HTTP request that cannot be served as asked."""

    status = 400
    title = "Bad request"


class QuerySyntaxError(RequestError):
    """The query or update does not parse; the place has line and column."""

    title = "The query does not parse"


class QueryRefusedError(RequestError):
    """The pre-check refuses the query before the engine sees it."""

    title = "The query is refused"


class UnauthorizedError(RequestError):
    """Credentials are missing or wrong."""

    status = 401
    title = "A valid token is needed"


class ForbiddenError(RequestError):
    """The operation is switched off or not for this client."""

    status = 403
    title = "Not allowed"


class NotFoundError(RequestError):
    """There is nothing at this address."""

    status = 404
    title = "Not found"


class MethodNotAllowedError(RequestError):
    """The resource does not answer this HTTP method."""

    status = 405
    title = "Method not allowed"


class NotAcceptableError(RequestError):
    """None of the media types asked for can be produced."""

    status = 406
    title = "No acceptable format"


class StaleError(RequestError):
    """What was decided on has changed meanwhile; ``changes`` says where, in words."""

    status = 409
    title = "The file has changed meanwhile"

    def __init__(self, message: str, *, remedy: str = "", changes: tuple[str, ...] = ()) -> None:
        super().__init__(message, remedy=remedy)
        self.changes = changes


class PreconditionFailedError(RequestError):
    """The graph is not in the state that the request's conditions ask for."""

    status = 412
    title = "The graph has changed"


class PayloadTooLargeError(RequestError):
    """The request body is over the limit."""

    status = 413
    title = "The request is too large"


class ResultTooLargeError(RequestError):
    """The complete answer is over the limit, and a part of it is no answer."""

    status = 413
    title = "The result is too large"


class UriTooLongError(RequestError):
    """The request line is over the limit."""

    status = 414
    title = "The address is too long"


class UnsupportedMediaTypeError(RequestError):
    """The request body is in a media type we do not read."""

    status = 415
    title = "Unsupported media type"


class WriteRefusedError(RequestError):
    """A write that would leave the data not conforming to the shapes; nothing was written."""

    status = 422
    title = "The data would not conform"

    def __init__(self, message: str, *, results: tuple[str, ...], report: bytes) -> None:
        super().__init__(message, remedy="Mend what the results say, then send the write again.")
        #: Each violation in words.
        self.results = results
        #: The validation report as Turtle.
        self.report = report


class TooManyRequestsError(RequestError):
    """The client has used up its share for now."""

    status = 429
    title = "Too many requests"
    retry_after_s = 10


class EngineError(ParleyError):
    """The engine failed."""

    title = "The engine failed"


class DeadlineExceededError(EngineError):
    """The query was stopped at its time limit."""

    status = 503
    title = "The query took too long"
    retry_after_s = 30


class RemoteDeadlineError(DeadlineExceededError):
    """The remote engine did not answer in time, or stopped the query at a limit of its own."""

    status = 504
    title = "The remote engine took too long"


class WorkerDiedError(EngineError):
    """The query took its worker down, or the worker ran out of memory."""

    status = 503
    title = "The query could not be completed"
    retry_after_s = 30


class EngineBusyError(EngineError):
    """All workers are taken and the queue is full."""

    status = 503
    title = "The endpoint is busy"
    retry_after_s = 2


class StateChangedError(EngineError):
    """A write that was to find the data in a certain state found it in another."""

    status = 503
    title = "Another write came first"
    retry_after_s = 1


class RemoteEngineError(EngineError):
    """The remote engine is down or does not answer as SPARQL 1.1 says."""

    status = 502
    title = "The remote engine failed"
    retry_after_s: int | None = 10


class RemoteRefusedError(RemoteEngineError):
    """The remote engine refuses our credentials."""

    title = "The remote engine refuses the token"
    retry_after_s = None


class StoreError(ParleyError):
    """The store cannot be opened, read or written."""

    title = "The store cannot be used"


class StoreLockedError(StoreError):
    """Another process holds the store."""

    title = "The store is locked"


class ExportError(ParleyError):
    """Files that are to be published cannot be written."""

    title = "The files cannot be written"


class ReadingError(ParleyError):
    """The words of a passage do not stand in the source that a page would show them in."""

    title = "The article cannot be shown"


class ReasonerError(ParleyError):
    """The reasoner could not run: no Java, a time-out or a crash."""

    title = "The reasoner could not run"


class DraftError(InputError):
    """A source cannot be drafted."""

    title = "The source cannot be drafted"


class ReviewError(ParleyError):
    """A decision on a drafted claim cannot be taken as given; the message says what is wrong."""

    status = 422
    title = "The decision cannot be taken so"
