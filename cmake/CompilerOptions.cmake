# The flags of every target defined from here on: one without would round inline functions in its own
# way, and hide from the sanitizers. They are private: who links the library has flags of their own,
# so public headers hold no formula whose rounding matters.

set(EPROP_ARCH
    "native"
    CACHE
      STRING
      "Value of -march; empty: the compiler's default. Where the nodes that compile and those that \
run differ, name what all of them have, for example x86-64-v3"
)
set(EPROP_SANITIZE
    ""
    CACHE STRING "Sanitizers to build with: empty, address;undefined or thread"
)
set_property(CACHE EPROP_SANITIZE PROPERTY STRINGS "" "address;undefined" "thread")

# Designated initializers leave out the members that keep their default.
add_compile_options(
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
  -Wno-missing-field-initializers
)

# Results are bit-identical on every layout. The same element may be computed by the vector body of
# a loop on one layout and by its scalar remainder on another, so both must round alike:
# - no contraction, which fuses a multiplication and an addition (one rounding) in one and not in
#   the other;
# - never -ffast-math or -fassociative-math, which reorder sums.
# Not setting errno and not trapping leave every value as it is; without them loops that call
# square roots or hold conditions would not be vectorised.
add_compile_options(-ffp-contract=off -fno-math-errno -fno-trapping-math)

if(EPROP_ARCH)
  add_compile_options(-march=${EPROP_ARCH})
endif()

# Loops over neurons and synapses run long enough for the widest registers there are.
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-mprefer-vector-width=512 EPROP_HAS_VECTOR_WIDTH)
if(EPROP_HAS_VECTOR_WIDTH)
  add_compile_options(-mprefer-vector-width=512)
endif()

# Position-independent functions are inlined as others are.
add_compile_options(-fno-semantic-interposition)

add_compile_definitions($<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)
# <hdf5.h> of a parallel HDF5 includes <mpi.h>, whose C++ bindings nobody uses.
add_compile_definitions(OMPI_SKIP_MPICXX)

# g++ 12 with the address sanitizer aligns what is on the stack to 32 bytes at most if the use of the
# stack after a return is looked for (gcc.gnu.org/PR110027); code for 512-bit registers fails then.
if(EPROP_SANITIZE)
  list(JOIN EPROP_SANITIZE "," sanitizers)
  add_compile_options(
    -fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer
  )
  # Instrumented code of the standard library draws false warnings of it.
  add_compile_options(-Wno-maybe-uninitialized)
  add_link_options(-fsanitize=${sanitizers})
endif()
