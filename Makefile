# Shortcuts; each is one command that also runs without make. CONTRIBUTING.md says
# what to change where. .ci/run is what a change must pass.

.PHONY: help demo run test race lint generate fuzz bench web browser ci

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## /\1 /p' $(MAKEFILE_LIST) | awk '{name = $$1; $$1 = ""; printf "  make %-9s%s\n", name, $$0}'

demo: ## Serve sample projects from a throw-away database
	go run . demo

run: ## Serve, with the data in loadline.db
	go run .

test: ## Run the tests
	go test ./...

race: ## Run the tests with the race detector
	go test -race ./...

lint: ## Run the linters, among them the direction of imports
	.ci/lint run ./...

generate: ## Make the generated Go code anew
	go generate ./...

fuzz: ## Fuzz every parser of outside input for a while (FUZZTIME=30s)
	.ci/run fuzz

bench: ## Measure the report against stand-in sources
	go run ./bench

web: ## Check and build the pages (needs Node)
	.ci/run web

browser: ## Test the pages in Chromium (needs Node)
	.ci/run browser

ci: ## Everything that a change must pass
	.ci/run
