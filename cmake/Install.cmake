# cmake --install: library, headers, examples, and the package that gives others
# find_package(eprop) and eprop::eprop.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/eprop)

set_target_properties(eprop_comm PROPERTIES EXPORT_NAME comm)
set_target_properties(eprop_options PROPERTIES EXPORT_NAME options)
# The build has its headers in the source tree, who installs them below the prefix.
foreach(target IN ITEMS eprop eprop_comm)
  get_target_property(include_dirs ${target} INTERFACE_INCLUDE_DIRECTORIES)
  list(TRANSFORM include_dirs REPLACE "^${PROJECT_SOURCE_DIR}/.*" "$<BUILD_INTERFACE:\\0>")
  set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${include_dirs}")
endforeach()
install(
  TARGETS eprop eprop_comm eprop_options
  EXPORT eprop-targets
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
)
install(EXPORT eprop-targets NAMESPACE eprop:: DESTINATION ${package_dir})
install(DIRECTORY include/ comm/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})

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
endif()
