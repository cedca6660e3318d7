# eprop_check_headers(NAME BASE LIBRARIES...)
#
# Compiles every header under BASE alone, as the only include of one object file, so that none
# relies on what its user included before it. BASE is the include folder, for example
# ${PROJECT_SOURCE_DIR}/include; LIBRARIES give the include paths that a user of the header has.
function(eprop_check_headers name base)
  file(GLOB_RECURSE headers RELATIVE ${base} CONFIGURE_DEPENDS ${base}/*.hpp)
  set(sources)
  foreach(header IN LISTS headers)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}/${header}.cpp)
    # The second include fails to compile if the header lacks its #pragma once.
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n#include \"${header}\"\n" @ONLY)
    list(APPEND sources ${source})
  endforeach()
  add_library(${name} OBJECT ${sources})
  target_link_libraries(${name} PRIVATE ${ARGN})
endfunction()
