# cmake -DMPIEXEC=... -DRANKS=n -DJOB=path -DMODE=mode -DMESSAGE=regex -P check_failure.cmake
#
# Runs failing_job under mpirun; it must print one error on stderr, which matches MESSAGE, and end
# with a non-zero status in time. An empty MESSAGE: it must print nothing and succeed.

execute_process(
  COMMAND ${MPIEXEC} --oversubscribe -n ${RANKS} ${JOB} ${MODE}
  TIMEOUT 20
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE errors)

string(REGEX MATCHALL "eprop: error: [^\n]*" messages "${errors}")
list(LENGTH messages n_messages)

set(report "status: ${status}\nstdout:\n${output}\nstderr:\n${errors}")
if(MESSAGE STREQUAL "")
  if(NOT status STREQUAL "0" OR NOT n_messages EQUAL 0)
    message(FATAL_ERROR "the job was to succeed\n${report}")
  endif()
  return()
endif()

if(NOT status MATCHES "^[0-9]+$")
  message(FATAL_ERROR "the job did not end by itself\n${report}")
endif()
if(status EQUAL 0)
  message(FATAL_ERROR "the job succeeded\n${report}")
endif()
if(NOT n_messages EQUAL 1)
  message(FATAL_ERROR "${n_messages} error messages, expected 1\n${report}")
endif()
if(NOT messages MATCHES "${MESSAGE}")
  message(FATAL_ERROR "the message does not match '${MESSAGE}'\n${report}")
endif()
if(output MATCHES "eprop: error")
  message(FATAL_ERROR "the message is on stdout\n${report}")
endif()
