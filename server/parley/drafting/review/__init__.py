"""Review of a drafted document: read the proposals, decide, save, undo; no browser in here."""
