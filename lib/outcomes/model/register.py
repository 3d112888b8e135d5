"""The register of open sources: who publishes each, where, on what terms, and how to cite it."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, StringConstraints, model_validator

from outcomes.errors import ParameterError, did_you_mean, listed
from outcomes.model.base import Identifier, Strict, Text

Address = Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
Checksum = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class PublishedFile:
    """One file of a source: its place in our folder, its address, and what it must hold."""

    path: str
    url: str
    columns: tuple[str, ...] = ()
    sha256: str = ""


class Part(Strict):
    """Files that a publisher keeps at one address. `{name}` stands for each of `names` in turn."""

    base: Address = Field(
        description="the address; {edition} stands for what an edition is called there. If it ends "
        "in / the path follows it, else it is the whole address and has {name} in it"
    )
    editions: dict[Identifier, Text] = Field(
        {}, description="what the publisher calls each edition; the first is taken by default"
    )
    folder: str = Field("", description="our folder for them, as the connector expects it")
    paths: tuple[Text, ...] = Field(min_length=1, description="the files; may have {name}")
    names: tuple[Text, ...] = ()
    columns: dict[Text, tuple[Text, ...]] = Field(
        {}, description="for some of paths, the columns without which its files cannot be read"
    )
    sha256: dict[Identifier, dict[Text, Checksum]] = Field(
        {}, description="for some editions, the SHA-256 of files by their place in our folder"
    )

    @model_validator(mode="after")
    def _agrees(self) -> "Part":
        """Refuse what is said of editions, paths or names that are not there."""
        for path in (self.folder, *self.paths):
            if PurePosixPath(path).is_absolute() or ".." in path:
                raise ValueError(f"got the path {path!r}; expected one that stays in the folder")
        if ("{name}" in self.base + self.paths[0]) != bool(self.names):
            raise ValueError("{name} and names: expected both or neither")
        if ("{edition}" in self.base) != bool(self.editions):
            raise ValueError("{edition} and editions: expected both or neither")
        stray = {*self.columns} - {*self.paths} | {*self.sha256} - {*self.editions}
        if stray:
            raise ValueError(f"{listed(sorted(stray))}: none of the paths or editions")
        return self

    def files(self, edition: str | None) -> list[PublishedFile]:
        """Return every file, at its address in an edition; by default in the first."""
        edition = edition or next(iter(self.editions), "")
        base = self.base.replace("{edition}", self.editions.get(edition, ""))
        found = []
        for pattern in self.paths:
            for name in self.names or ("",):
                end = pattern.replace("{name}", name)
                url = base.replace("{name}", name) + (quote(end) if base.endswith("/") else "")
                path = str(PurePosixPath(self.folder, end))
                sha256 = self.sha256.get(edition, {}).get(path, "")
                found.append(PublishedFile(path, url, self.columns.get(pattern, ()), sha256))
        return found


class RegisterEntry(Strict):
    """A source in the register; its file bears the name of the connector that reads it."""

    title: Text
    publisher: Text
    homepage: Address
    licence: Text = Field(description="in words; where none is stated, it says so")
    attribution: Text = Field(description="the line that pages print")
    note: Text | None = Field(None, description="what to know before using it")
    by_hand: Text | None = Field(None, description="how to get it, where nothing can be fetched")
    parts: tuple[Part, ...] = ()

    @model_validator(mode="after")
    def _can_be_had(self) -> "RegisterEntry":
        if bool(self.parts) == bool(self.by_hand):
            raise ValueError("a source has either parts or by_hand")
        if len({tuple(part.editions) for part in self.parts}) > 1:
            raise ValueError("all parts must have the same editions in the same order")
        return self

    def files(self, edition: str | None = None) -> list[PublishedFile]:
        """Return every file of the source in an edition.

        Raises
        ------
        ParameterError
            If there is no such edition, or the source can be had by hand only.
        """
        if self.by_hand:
            raise ParameterError(f"{self.title}: nothing can be fetched by address. {self.by_hand}")
        known = list(self.parts[0].editions)
        if edition and edition not in known:
            there = f"; there are: {listed(known)}" if known else "; there is the newest only"
            hint = did_you_mean(edition, known) or there
            raise ParameterError(f"{self.title}: there is no edition {edition!r}{hint}")
        return [file for part in self.parts for file in part.files(edition)]
