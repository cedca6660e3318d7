# The commands of this repository; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# demo and check share a build folder.
.NOTPARALLEL:
.PHONY: demo build python check check-sanitizers check-faults check-fuzz coverage format check-format check-tidy check-tidy-all \
	benchmark clean help

# Debian's interpreter, which has the packages that scripts/packages.txt names; another first on
# the PATH may not.
PYTHON := /usr/bin/python3

# Compilations at a time.
JOBS ?= $(shell nproc)
# Tests at a time; one with more ranks than this runs alone.
TEST_JOBS ?= 2
# The most ranks that a test starts.
TEST_RANKS := 4
# How often check-faults kills trainings.
RANDOM_KILLS ?= 200
# Random cases of check-fuzz, and their seed.
FUZZ_CASES ?= 100000
FUZZ_SEED ?= 1
# Further options of cmake, for example -DEPROP_ARCH=x86-64-v3
CMAKE_ARGS ?=

configure_and_build = cmake --preset $(1) $(CMAKE_ARGS) && \
	cmake --build --preset $(1) --parallel $(JOBS)
# Seconds after which check begins to look at no further source with clang-tidy.
TIDY_SECONDS ?= 120
check_tidy = cmake --preset tidy $(CMAKE_ARGS) >/dev/null && \
	$(PYTHON) scripts/check_tidy.py --jobs $(JOBS)
run_tests = source scripts/mpi_environment.sh $(TEST_RANKS) && \
	ctest --preset $(1) --parallel $(TEST_JOBS)

# Kernels that scatter addresses over more than 28 bits do so into the thread sanitizer's own.
fixed_addresses := $(shell \
	bits=$$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo 0); \
	((bits <= 28)) || echo setarch --addr-no-randomize)

demo: ## install what is missing, build, train sine waves on 2 ranks, draw the figures
	@scripts/install_dependencies.sh build
	@$(call configure_and_build,release) --target sine_waves_bsshslm_2020
	@mkdir -p demo
	@source scripts/mpi_environment.sh 2; \
	mpirun -n 2 build/examples/sine_waves_bsshslm_2020 \
	  --iterations 200 --seed 1 --output demo/sine_waves.h5 --overwrite
	@$(PYTHON) examples/plot.py demo/sine_waves.h5 --output demo/figures
	@echo "Recorded: demo/sine_waves.h5. Figures:"; ls demo/figures/*.png

build: ## install what is missing, build library, examples and tests into build/
	@scripts/install_dependencies.sh build test
	@$(call configure_and_build,release)

python: ## install what is missing, build the Python package
	@scripts/install_dependencies.sh build
	@$(call configure_and_build,release) --target eprop_python
	@echo "To import eprop: export PYTHONPATH=$(CURDIR)/build/python"

check: ## install what is missing, build, run all tests, and clang-tidy on the last changes
	@scripts/install_dependencies.sh build test
	@$(call configure_and_build,release)
	@$(call run_tests,release)
	@$(check_tidy) --seconds $(TIDY_SECONDS)

check-sanitizers: ## run the tests under the address, undefined behaviour and thread sanitizers
	@scripts/install_dependencies.sh build test
	@$(call configure_and_build,sanitize)
	@$(call run_tests,sanitize)
	@$(fixed_addresses) $(MAKE) --no-print-directory check-thread-sanitizer

.PHONY: check-thread-sanitizer
check-thread-sanitizer:
	@$(call configure_and_build,tsan)
	@$(call run_tests,tsan)

check-faults: ## kill programs that write output at all moments, trainings at many, damage all bytes of a file
	@scripts/install_dependencies.sh build test
	@$(call configure_and_build,release)
	@source scripts/mpi_environment.sh $(TEST_RANKS) && \
	EPROP_KILLS=0 EPROP_RANDOM_KILLS=$(RANDOM_KILLS) ctest --preset release -R '^killed_' --verbose
	@EPROP_ALL_FLIPS=1 build/tests/recording_test_threads --gtest_filter='DamagedOutput.*'

check-fuzz: ## random networks, options and damaged files, FUZZ_CASES of them, under the sanitizers
	@scripts/install_dependencies.sh build test
	@$(call configure_and_build,sanitize) --target eprop_fuzz
	@LSAN_OPTIONS=suppressions=tests/support/lsan.supp:print_suppressions=0 \
	UBSAN_OPTIONS=print_stacktrace=1 OMP_NUM_THREADS=2 \
	build-sanitize/tests/eprop_fuzz --cases $(FUZZ_CASES) --seed $(FUZZ_SEED)

coverage: ## run the tests of the library, report which lines of src and comm they run
	@scripts/install_dependencies.sh build test
	@$(call configure_and_build,coverage)
	@find build-coverage -name '*.gcda' -delete
	@failed=0; ($(call run_tests,coverage)) || failed=$$?; \
	$(PYTHON) scripts/report_coverage.py build-coverage; exit $$failed

format: ## format all C++ sources
	@scripts/format.sh

check-format: ## report C++ sources that are not formatted
	@scripts/format.sh --check

check-tidy: ## run clang-tidy on what differs from origin/main
	@scripts/install_dependencies.sh build test
	@$(check_tidy)

check-tidy-all: ## run clang-tidy on all C++ sources that are not known to be clean
	@scripts/install_dependencies.sh build test
	@$(check_tidy) --all

benchmark: ## build and run the benchmarks
	@scripts/install_dependencies.sh build test
	@$(call configure_and_build,benchmark)
	@build/tests/eprop_benchmarks

clean: ## remove what was built and what the demo wrote
	rm -rf build build-tidy build-debug build-sanitize build-tsan build-coverage demo

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 26
