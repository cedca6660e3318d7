# What the library is made of. Included by the build and, installed, by eprop-config.cmake, because
# whoever links a static library links what it uses.

find_package(MPI REQUIRED COMPONENTS C)

set(HDF5_PREFER_PARALLEL TRUE)
find_package(HDF5 REQUIRED COMPONENTS C)
if(NOT HDF5_IS_PARALLEL)
  message(
    FATAL_ERROR
      "HDF5 ${HDF5_VERSION} in ${HDF5_C_INCLUDE_DIRS} is built without MPI, but all ranks write "
      "to one file: install a parallel HDF5 (Debian: libhdf5-openmpi-dev) and put its h5pcc on the "
      "PATH or its folder in HDF5_ROOT"
  )
endif()

find_package(Boost 1.74 REQUIRED COMPONENTS serialization)
find_package(OpenMP REQUIRED COMPONENTS CXX)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(ZLIB REQUIRED)

# Header-only and without a CMake package of its own.
find_path(Random123_INCLUDE_DIR Random123/philox.h)
mark_as_advanced(Random123_INCLUDE_DIR)
if(NOT Random123_INCLUDE_DIR)
  message(
    FATAL_ERROR
      "Random123/philox.h was not found: install Random123 (Debian: librandom123-dev) or set "
      "Random123_INCLUDE_DIR to the folder that holds Random123/"
  )
endif()
if(NOT TARGET Random123::Random123)
  add_library(Random123::Random123 INTERFACE IMPORTED)
  set_target_properties(
    Random123::Random123 PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${Random123_INCLUDE_DIR}"
  )
endif()
