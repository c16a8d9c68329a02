"""Versions told one after the other are those of each model alone."""

from dataclasses import replace

from tools.make_enterprise import texts

from kingpost.model.content import version
from kingpost.model.model import Model
from kingpost.model.parts.versioning import Versioning
from kingpost.notation import read_model
from tests.checks.words import SOUND


def model(files: dict[str, str]) -> Model:
    reading = read_model(files)
    assert reading.model is not None
    return reading.model


def test_a_version_is_the_same_however_it_is_come_by() -> None:
    versioning = Versioning()
    sound = model({"kingpost.yaml": SOUND})
    renamed = replace(sound, company="Gesunde Ansprüche", zone="Europe/Berlin")
    shorter = replace(renamed, roles={}, governance=())

    for each in (sound, renamed, shorter, sound, model(dict(texts(1)))):
        assert versioning.version(each) == version(each)
