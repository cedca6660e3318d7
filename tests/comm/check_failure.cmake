# cmake -DMPIEXEC=... -DRANKS=n [-DSTARTER=path] -DJOB=path -DMODE=mode [-DFILE=path]
#   -DMESSAGE=regex -P check_failure.cmake
#
# Runs [STARTER] JOB MODE [FILE] under mpirun; it must print one error on stderr, which is one line
# and matches MESSAGE, and end with status 1 in time, and no library may have more to say. An empty
# MESSAGE: it must print nothing and succeed.

execute_process(
  COMMAND ${MPIEXEC} --oversubscribe -n ${RANKS} ${STARTER} ${JOB} ${MODE} ${FILE}
  TIMEOUT 20
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE errors)

string(REGEX MATCHALL "eprop: error: [^\n]*" messages "${errors}")
list(LENGTH messages n_messages)

set(report "status: ${status}\nstdout:\n${output}\nstderr:\n${errors}")
if(MESSAGE STREQUAL "")
  if(NOT status STREQUAL "0" OR NOT errors STREQUAL "")
    message(FATAL_ERROR "the job was to succeed without a word\n${report}")
  endif()
  return()
endif()

if(NOT status MATCHES "^[0-9]+$")
  message(FATAL_ERROR "the job did not end by itself\n${report}")
endif()
if(NOT status EQUAL 1)
  message(FATAL_ERROR "the status is not 1\n${report}")
endif()
if(NOT n_messages EQUAL 1)
  message(FATAL_ERROR "${n_messages} error messages, expected 1\n${report}")
endif()
if(NOT messages MATCHES "${MESSAGE}")
  message(FATAL_ERROR "the message does not match '${MESSAGE}'\n${report}")
endif()
if(NOT errors MATCHES "(^|\n)eprop: error: [^\n]*\n(--|\\[|$)")
  message(FATAL_ERROR "the message has more than one line\n${report}")
endif()
if(errors MATCHES "received signal|HDF5: |HDF5-DIAG")
  message(FATAL_ERROR "a library complains\n${report}")
endif()
if(output MATCHES "eprop: error")
  message(FATAL_ERROR "the message is on stdout\n${report}")
endif()
