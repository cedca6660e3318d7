# eprop_public_headers(TARGET FOLDER)
#
# All headers in FOLDER (an include folder) are what users of TARGET include, here and installed.
# all_verify_interface_header_sets compiles each alone, with nothing but what TARGET gives its users.
function(eprop_public_headers target folder)
  cmake_path(ABSOLUTE_PATH folder)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${folder}/*.hpp)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${folder} FILES ${headers})
  set_target_properties(${target} PROPERTIES VERIFY_INTERFACE_HEADER_SETS TRUE)
endfunction()
