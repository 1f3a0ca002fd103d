# make demo   opens a bundled capture in the terminal UI
# make test   runs all tests, with the race detector
# make check  what CI runs: lint, tests, ten seconds of each fuzz target
GO        ?= go
FUZZTIME  ?= 10s
PROGRAM   ?= sipsniff
# What fails is run a second time, and named: the real peers of the tests share the machine with them.
TESTSUM    = $(GO) run gotest.tools/gotestsum@v1.13.0 --format pkgname --rerun-fails=1 --rerun-fails-max-failures=5
LINT       = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.PHONY: all build demo test race lint fuzz check bench bench-live microbench golden clean setup

all: build

# setup installs the libpcap headers and a C compiler where they are missing.
setup:
	@sh ./.ci/setup

# build has the compiler follow a profile of real runs. It is named here and not
# called default.pgo, so that a plain go build stays quick.
build: setup
	$(GO) build -pgo=packaging/sipsniff.pgo -o $(PROGRAM) ./cmd/sipsniff

demo: build
	./sipsniff pcaps/demo.pcap

test: setup
	$(TESTSUM) --packages=./... -- -race -vet=off -timeout=15m # lint has had vet
	sh ./.ci/whole

lint:
	@test -z "$$(gofmt -l .)" || { echo "not gofmt-ed:"; gofmt -l .; exit 1; }
	@if command -v golangci-lint >/dev/null 2>&1; then golangci-lint run ./...; else $(GO) run $(LINT) run ./...; fi

fuzz:
	sh ./.ci/fuzz $(FUZZTIME)

check: lint test fuzz

# bench measures whole runs beside tcpdump, tshark and sngrep; SCALE=1 is the
# size of the goals in docs/PERFORMANCE.md, and 6 GB of captures.
SCALE ?= 0.1
bench: build
	$(GO) run ./pcaps/bench -program ./sipsniff -scale $(SCALE)

# bench-live sends calls over a veth pair at rising rates; as root, ten minutes.
bench-live:
	bash pcaps/bench/live.sh

# microbench measures the steps by themselves.
microbench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# golden accepts the present output of the golden tests; read the diff.
golden:
	UPDATE_GOLDEN=1 $(GO) test ./tui/... ./internal/pipeline/... ./cmd/...

clean:
	rm -f sipsniff
