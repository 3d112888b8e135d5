"""Survey, question: how a file of a survey of residents is read, one row a respondent."""

from datetime import date

from pydantic import Field, model_validator

from outcomes.model.base import AreaCode, Strict, Text
from outcomes.model.mapping import Slug


class Question(Strict):
    """A question of a survey of residents, and which of its answers count."""

    column: Text
    title: Text
    agree: tuple[Text, ...] = Field(min_length=1)
    others: tuple[Text, ...] = Field(min_length=1, description="answers that count as not agreeing")
    dont_know: tuple[Text, ...] = Field((), description="answers of those who do not know")
    dont_know_counts: bool = Field(
        description="true: who does not know is among the answers; false: is left out"
    )

    @model_validator(mode="after")
    def _one_meaning(self) -> "Question":
        words = [*self.agree, *self.others, *self.dont_know]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"the answer {twice[0]!r} stands twice; each has one meaning")
        return self

    def counted(self, answer: str) -> float | None:
        """Return 1 for who agrees, 0 for who does not, None for who is left out.

        Raises
        ------
        KeyError
            If the answer is none of the question's.
        """
        if answer == "":
            return None
        if answer in self.dont_know:
            return 0.0 if self.dont_know_counts else None
        return {**dict.fromkeys(self.others, 0.0), **dict.fromkeys(self.agree, 1.0)}[answer]


class Survey(Strict):
    """How a file of a survey is read: one row a respondent. Its series are survey/ID/QUESTION."""

    id: Slug
    publisher: Text
    published: date | None = None
    licence: Text = "the council's own figures, not published"
    file: Text = Field(description="CSV, as seen from this file's folder")
    area: AreaCode = Field(description="the area in which all respondents live")
    respondent: Text = Field("respondent", description="heading of the respondent's number")
    wave: Text = Field("wave", description="heading of the period, such as 2024/25")
    locality: Text | None = Field(None, description="heading of codes or names within the area")
    weight: Text | None = Field(None, description="heading of the weight; without it all count one")
    stratum: Text | None = None
    cluster: Text | None = None
    groups: dict[Text, Text] = Field({}, description="heading by kind of group, such as age band")
    least_answers: int = Field(30, ge=10, description="a share of fewer answers is withheld")
    questions: dict[Text, Question] = Field(min_length=1)
