# eprop_options: the flags of every target of this project.

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

add_library(eprop_options INTERFACE)
# Designated initializers leave out the members that keep their default.
target_compile_options(
  eprop_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                          -Wno-missing-field-initializers
)

# Results are bit-identical on every layout. The same element may be computed by the vector body of
# a loop on one layout and by its scalar remainder on another, so both must round alike:
# - no contraction, which fuses a multiplication and an addition (one rounding) in one and not in
#   the other;
# - never -ffast-math or -fassociative-math, which reorder sums.
# Not setting errno and not trapping leave every value as it is; without them loops that call
# square roots or hold conditions would not be vectorised.
target_compile_options(
  eprop_options INTERFACE -ffp-contract=off -fno-math-errno -fno-trapping-math
)

if(EPROP_ARCH)
  target_compile_options(eprop_options INTERFACE -march=${EPROP_ARCH})
endif()

# Loops over neurons and synapses run long enough for the widest registers there are.
include(CheckCXXCompilerFlag)
check_cxx_compiler_flag(-mprefer-vector-width=512 EPROP_HAS_VECTOR_WIDTH)
if(EPROP_HAS_VECTOR_WIDTH)
  target_compile_options(eprop_options INTERFACE -mprefer-vector-width=512)
endif()

target_compile_definitions(eprop_options INTERFACE $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

# g++ 12 with the address sanitizer aligns what is on the stack to 32 bytes at most if the use of the
# stack after a return is looked for (gcc.gnu.org/PR110027); code for 512-bit registers fails then.
if(EPROP_SANITIZE)
  list(JOIN EPROP_SANITIZE "," sanitizers)
  target_compile_options(
    eprop_options INTERFACE -fsanitize=${sanitizers} -fno-sanitize-recover=all
                            -fno-omit-frame-pointer
  )
  # Instrumented code of the standard library draws false warnings of it.
  target_compile_options(eprop_options INTERFACE -Wno-maybe-uninitialized)
  target_link_options(eprop_options INTERFACE -fsanitize=${sanitizers})
endif()

# To every target defined from here on: one without would round inline functions in its own way,
# and hide from the sanitizers.
link_libraries(eprop_options)
