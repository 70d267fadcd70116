"""Takes answers one by one: each must fit the answers before it, or is rejected with the reason."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from generator.components import CHARTS, EDGEMESH, KUBEEDGE, VERSION_KEYS
from generator.errors import InvalidInput, Problem
from generator.importer.site_file import Imported
from generator.init.answers import NO_PROFILE, Addresses, Answers
from generator.init.questions import Question
from generator.load.layers import Layers
from generator.load.site import validate
from generator.model import quick
from generator.model.profiles import profile
from generator.upstream import Release

_STREAM_CERTIFICATE = "cloudCore.streamCertificate"
_STREAM_SECRET_KEY, _STREAM_SECRET = f"{_STREAM_CERTIFICATE}.existingSecret", "cloudcore-stream"
_PSK_SECRET = "edgemesh-psk"
_CLOUD_HUB = "cloudCore.modules.cloudHub"


# Problems and warnings.
_Checked = tuple[list[Problem], list[Problem]]


@dataclass(frozen=True)
class AnswerKey:
    """A key of the site that an answer sets; `beside` and `above` are the comments of the key."""

    question: str
    key: str
    value: Any
    beside: str = ""
    above: str = ""


@dataclass
class Interview:
    """A site that becomes complete answer by answer, `base` first: the import of a cluster, or nothing."""

    base: Imported = field(default_factory=Imported)
    answers: Answers = field(default_factory=Answers)
    # The problems and warnings by answers: those before an answer were found at the answer before.
    _known: dict[Answers, _Checked] = field(default_factory=dict, repr=False)

    def give(self, question: Question, text: str) -> list[Problem]:
        """Take an answer and return the warnings about it; raise InvalidInput and keep the answers before."""
        value = question.read(text, self.answers)
        before, old = self._checked(self.answers)
        answers = replace(self.answers, **{question.name: value})
        problems, warnings = self._checked(answers)
        new = [one for one in problems if one not in before]
        if new:
            raise InvalidInput(new)
        self.answers = answers
        return [one for one in warnings if one not in old and one.where == question.name]

    def has(self, question: Question) -> bool:
        """Return whether a question has an answer."""
        return getattr(self.answers, question.name) is not None

    def default(self, question: Question) -> str | None:
        """Return the answer to an empty line; in an import, the answer that changes least."""
        if self.answers.imported and question.name == "profile":
            # min() takes the first of equal ones, and with `none` the imported keys stay as they are.
            return min(reversed(self.answers.profiles), key=self._faults_of)
        if self.answers.imported and question.name == "streams":
            return "yes" if self._has_certificate() else "no"
        return question.default(self.answers)

    def problems(self) -> list[Problem]:
        """Return the problems of the site as it is now; only an import can have some."""
        return [self.base.located(one) for one in self._checked(self.answers)[0]]

    def site(self) -> Imported:
        """Return the site file: the keys of the base, then those of the answers, which override them."""
        found = self._settings(self.answers)
        site = replace(self.base, keys=self.base.without({one.key for one in found}))
        for one in found:
            site.take(one.key, one.value, one.beside, above=one.above)
        # An import leaves default releases out; they are pinned, because a newer generator has others.
        for release in releases_of(site):
            if VERSION_KEYS[release.project] not in site.keys:
                site.take(VERSION_KEYS[release.project], release.tag, "")
        return site

    def _checked(self, answers: Answers) -> _Checked:
        """Return the problems and the warnings of a site; those of an answer have its name as their place."""
        if answers not in self._known:
            self._known[answers] = self._validated(answers)
        return self._known[answers]

    def _validated(self, answers: Answers) -> _Checked:
        layers = Layers(values=copy.deepcopy(self.base.values), count=1)
        for one in self._settings(answers):
            layers.put(one.key, one.value, one.question)
        try:
            return [], list(validate(layers, CHARTS).warnings)
        except InvalidInput as error:
            return list(error.problems), list(error.warnings)

    def _faults_of(self, name: str) -> int:
        return len(self._checked(replace(self.answers, profile=name))[0])

    def _settings(self, answers: Answers) -> list[AnswerKey]:
        """Return the keys that answers set; an imported certificate of cloudStream stays."""
        found = settings(answers)
        return [one for one in found if one.key != _STREAM_SECRET_KEY or not self._has_certificate()]

    def _has_certificate(self) -> bool:
        return any(key.startswith(_STREAM_CERTIFICATE) for key in self.base.keys)


def head_of(site: Imported, schema: str) -> tuple[str, ...]:
    """Return the comments at the top of the file of a site."""
    made = "Made by `generator init`: one KubeEdge installation, for all three charts."
    imported = "Made by `generator init --from-cluster`; the comment beside a value names its origin."
    release = f"If you change a release: generator schema --kubeedge-version V > {schema}"
    return f"yaml-language-server: $schema={schema}", imported if site.configs else made, release


def releases_of(site: Imported) -> tuple[Release, Release]:
    """Return the releases of KubeEdge and EdgeMesh of a site."""
    values = {**quick.defaults(), **site.values}
    kubeedge, edgemesh = (Release.parse(name, values[VERSION_KEYS[name]]) for name in (KUBEEDGE, EDGEMESH))
    return kubeedge, edgemesh


def settings(answers: Answers) -> Iterator[AnswerKey]:
    """Yield the keys that the answers set."""
    if answers.profile and answers.profile != NO_PROFILE:
        yield AnswerKey("profile", "profile", answers.profile, profile(answers.profile).summary)
    for name, release in (("kubeedge", answers.kubeedge), ("edgemesh", answers.edgemesh)):
        if release:
            yield AnswerKey(name, VERSION_KEYS[release.project], release.tag)
    if answers.streams is not None:
        yield from _streams(answers.streams)
    if answers.registry:
        yield AnswerKey("registry", "images.registry", answers.registry, "mirror of all images")
    if answers.addresses:
        yield from _addresses(answers.addresses)
    if answers.groups:
        text = "fields of edgecore.yaml that only this group has go below its name"
        yield AnswerKey("groups", "edgeCore.nodeGroups", {name: {} for name in answers.groups}, text)
    if answers.mesh is not None:
        yield from _with_mesh() if answers.mesh else _without_mesh(answers.release)


def _streams(enable: bool) -> Iterator[AnswerKey]:
    yield AnswerKey("streams", "streams.enable", enable, "kubectl logs, exec and attach on edge nodes")
    if enable:
        above = (
            "Create this Secret once: generator certs issue --for streams -f site.yaml -o certs --secrets "
            "| kubectl apply -f -"
        )
        yield AnswerKey("streams", _STREAM_SECRET_KEY, _STREAM_SECRET, above=above)


def _addresses(addresses: Addresses) -> Iterator[AnswerKey]:
    above = (
        "Edge nodes connect to the first IP address. cloudcore's first start puts all into its certificate."
    )
    yield AnswerKey("addresses", f"{_CLOUD_HUB}.advertiseAddress", list(addresses.ips), above=above)
    if addresses.names:
        yield AnswerKey("addresses", f"{_CLOUD_HUB}.dnsNames", list(addresses.names))


def _with_mesh() -> Iterator[AnswerKey]:
    above = (
        "Create this Secret once: openssl rand -base64 32 | tr -d '\\n' | kubectl --namespace kubeedge "
        f"create secret generic {_PSK_SECRET} --from-file=psk=/dev/stdin"
    )
    yield AnswerKey("mesh", "agent.pskSecret", _PSK_SECRET, above=above)


def _without_mesh(release: Release) -> Iterator[AnswerKey]:
    """Yield the keys of a site without EdgeMesh: pods must not ask EdgeMesh for names."""
    yield AnswerKey("mesh", "agent.enable", False, "no EdgeMesh")
    beside = "pods use the name servers of their node"
    new = release.within({"from": "1.12"})
    place = "tailoredKubeletConfig.clusterDNS" if new else "clusterDNS"
    yield AnswerKey("mesh", f"edgeCore.modules.edged.{place}", [] if new else "", beside)
