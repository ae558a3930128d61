# The commands of the house; `make help` lists them. Each one installs what it needs first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PORT ?= 8000
export COEURS ?= 2
PY := .venv/bin/python

.PHONY: help demo demo-neuve test test-sqlite test-postgres test-parcours check fix bench lock clean

help: ## Affiche cette liste
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Installe tout et ouvre la démonstration (PORT=8000 par défaut)
	@.ci/demo

demo-neuve: ## Efface les données de la démonstration, puis la recharge
	@rm -rf .donnees
	@.ci/demo

test: ## Toute la suite : SQLite, PostgreSQL, navigateur (ARGS="-k mot" passe à pytest)
	@.ci/tests sqlite postgres parcours

test-sqlite: ## La suite sur SQLite, sans le navigateur
	@.ci/tests sqlite

test-postgres: ## Ce que la base peut changer, sur un PostgreSQL jetable (TOUT=1 : toute la suite)
	@.ci/tests postgres

test-parcours: ## Les parcours dans un vrai navigateur
	@.ci/tests parcours

check: ## Format, style, types, sens des imports, migrations, réglages de production, dépôt
	@.ci/verifier

fix: ## Corrige le format et le style de ce qui peut l’être
	@.ci/environnement tests
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .

bench: ## Mesure quelques rapports de temps (pages, bilan)
	@.ci/systeme execution
	@.ci/environnement tests
	@$(PY) -m tests.bench

lock: ## Refait les fichiers de versions verrouillées depuis pyproject.toml
	@.ci/verrouiller

clean: ## Retire l’environnement et les caches ; les données restent
	rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
