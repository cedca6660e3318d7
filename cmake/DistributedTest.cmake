# Tests on several ranks (tests/support/distributed_test.hpp).
#
#   eprop_add_distributed_test(NAME SOURCES a.cpp... [LIBS lib...] [MPI_ONLY])
#
# builds the sources once and links them twice, into build/tests:
#   NAME_mpi      run under mpirun as CTest NAME.mpi.rR.tT for R = 1..4 ranks of T = 1, 2 threads;
#   NAME_threads  CTest NAME.threads, one process with the ranks as threads (not with MPI_ONLY).

option(EPROP_DISTRIBUTED_TESTS_MPI
  "Run the distributed tests under mpirun too, not only with ranks as threads" ON)

set(EPROP_TEST_SUPPORT_DIR ${CMAKE_CURRENT_LIST_DIR}/../tests/support)

# Seconds; sanitizers make programs some ten times slower.
set(EPROP_TEST_TIMEOUT 300)
if(EPROP_SANITIZE)
  set(EPROP_TEST_TIMEOUT 1500)
endif()

# Let mpirun start as root, and more ranks than there are cores, without pinning or busy waiting.
set(EPROP_MPI_TEST_ENVIRONMENT
  OMPI_ALLOW_RUN_AS_ROOT=1
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  OMPI_MCA_rmaps_base_oversubscribe=1
  OMPI_MCA_mpi_yield_when_idle=1
  OMPI_MCA_hwloc_base_binding_policy=none)

# The main() of one kind of executable, compiled once for all tests.
function(eprop_add_distributed_main kind)
  if(TARGET eprop_distributed_main_${kind})
    return()
  endif()
  add_library(eprop_distributed_main_${kind} STATIC
    ${EPROP_TEST_SUPPORT_DIR}/distributed_main_${kind}.cpp)
  target_include_directories(eprop_distributed_main_${kind} PUBLIC ${EPROP_TEST_SUPPORT_DIR})
  target_link_libraries(eprop_distributed_main_${kind} PUBLIC eprop::comm GTest::gtest)
endfunction()

function(eprop_add_distributed_executable name kind)
  eprop_add_distributed_main(${kind})
  add_executable(${name}_${kind})
  target_link_libraries(${name}_${kind}
    PRIVATE ${name}_objects eprop_distributed_main_${kind})
  set_target_properties(${name}_${kind} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endfunction()

# eprop_add_mpi_test(NAME RANKS n THREADS n COMMAND target argument...)
function(eprop_add_mpi_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "RANKS;THREADS" "COMMAND")
  list(POP_FRONT arg_COMMAND target)
  add_test(NAME ${name}
    COMMAND ${MPIEXEC_EXECUTABLE} --oversubscribe ${MPIEXEC_NUMPROC_FLAG} ${arg_RANKS}
            $<TARGET_FILE:${target}> ${arg_COMMAND})
  math(EXPR processors "${arg_RANKS} * ${arg_THREADS}")
  if(processors GREATER 2)
    set(processors 2)
  endif()
  set_tests_properties(${name} PROPERTIES
    ENVIRONMENT "${EPROP_MPI_TEST_ENVIRONMENT};OMP_NUM_THREADS=${arg_THREADS}"
    PROCESSORS ${processors}
    TIMEOUT ${EPROP_TEST_TIMEOUT})
endfunction()

function(eprop_add_distributed_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "MPI_ONLY" "" "SOURCES;LIBS")
  if(arg_MPI_ONLY AND NOT EPROP_DISTRIBUTED_TESTS_MPI)
    return()
  endif()

  add_library(${name}_objects OBJECT ${arg_SOURCES})
  target_include_directories(${name}_objects PRIVATE ${EPROP_TEST_SUPPORT_DIR})
  target_link_libraries(${name}_objects PUBLIC eprop::comm GTest::gmock ${arg_LIBS})

  if(EPROP_DISTRIBUTED_TESTS_MPI)
    eprop_add_distributed_executable(${name} mpi)
    foreach(ranks 1 2 3 4)
      foreach(threads 1 2)
        eprop_add_mpi_test(${name}.mpi.r${ranks}.t${threads}
          RANKS ${ranks} THREADS ${threads} COMMAND ${name}_mpi)
      endforeach()
    endforeach()
  endif()

  if(NOT arg_MPI_ONLY)
    eprop_add_distributed_executable(${name} threads)
    # libgomp is not instrumented: with more threads the thread sanitizer reports races that are none.
    set(threads 2)
    if(EPROP_SANITIZE STREQUAL "thread")
      set(threads 1)
    endif()
    add_test(NAME ${name}.threads COMMAND ${name}_threads)
    set_tests_properties(${name}.threads PROPERTIES
      ENVIRONMENT OMP_NUM_THREADS=${threads}
      PROCESSORS 2
      TIMEOUT ${EPROP_TEST_TIMEOUT})
  endif()
endfunction()
