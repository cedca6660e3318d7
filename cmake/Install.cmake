# cmake --install: library, headers, examples with their data, and the package that gives others
# find_package(eprop) and eprop::eprop.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/eprop)

set_target_properties(eprop_comm PROPERTIES EXPORT_NAME comm)
install(
  TARGETS eprop eprop_comm
  EXPORT eprop-targets FILE_SET HEADERS
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} # CMake before 3.23 knows no file sets
)
install(EXPORT eprop-targets NAMESPACE eprop:: DESTINATION ${package_dir})

configure_package_config_file(
  cmake/eprop-config.cmake.in eprop-config.cmake INSTALL_DESTINATION ${package_dir}
)
write_basic_package_version_file(eprop-config-version.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES cmake/Dependencies.cmake ${CMAKE_CURRENT_BINARY_DIR}/eprop-config.cmake
        ${CMAKE_CURRENT_BINARY_DIR}/eprop-config-version.cmake
  DESTINATION ${package_dir}
)

if(EPROP_BUILD_EXAMPLES)
  get_property(targets DIRECTORY examples PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
      install(TARGETS ${target})
    endif()
  endforeach()
  install(TARGETS eprop-info)
  install(FILES examples/data/strokes.txt DESTINATION ${CMAKE_INSTALL_DATADIR}/eprop)
  install(PROGRAMS examples/plot.py DESTINATION ${CMAKE_INSTALL_DATADIR}/eprop)
  install(
    DIRECTORY python/eprop/plot
    DESTINATION ${CMAKE_INSTALL_DATADIR}/eprop
    FILES_MATCHING PATTERN "*.py"
  )
endif()
