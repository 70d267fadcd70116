// The module's root; each release has a go.mod of its own in releases/, which -modfile names.
module second_opinion

go 1.26
