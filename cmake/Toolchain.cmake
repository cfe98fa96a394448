# Compiler flags that every target shares.
add_library(chatelaine_flags INTERFACE)
target_compile_options(chatelaine_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Werror -fno-omit-frame-pointer -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these from inside libstdc++ and Boost when it inlines: GCC bugs 105329 and 105651.
  target_compile_options(chatelaine_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-dangling-pointer
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread -Wno-free-nonheap-object -Wno-mismatched-new-delete)
else()
  # libstdc++ 12 calls what it has deprecated itself, which Clang reports; of what we call ourselves g++ tells.
  target_compile_options(chatelaine_flags INTERFACE -Wno-unknown-warning-option -Wno-deprecated-declarations)
endif()
target_compile_options(chatelaine_flags INTERFACE -Wno-missing-field-initializers)
target_compile_definitions(chatelaine_flags INTERFACE
  $<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS> BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ALIGN)

if(CHATELAINE_SANITIZE)
  target_compile_options(chatelaine_flags INTERFACE -fsanitize=${CHATELAINE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(chatelaine_flags INTERFACE -fsanitize=${CHATELAINE_SANITIZE})
  if(CHATELAINE_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # ThreadSanitizer cannot see Asio's fences, which stand beside a mutex that it does see.
    target_compile_options(chatelaine_flags INTERFACE -Wno-tsan)
  endif()
endif()
# What libFuzzer sees of a run; it is blind in code that was built without.
if(CHATELAINE_FUZZ)
  target_compile_options(chatelaine_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" OR CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  target_compile_options(chatelaine_flags INTERFACE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection)
  target_link_options(chatelaine_flags INTERFACE -Wl,-z,relro,-z,now)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  target_link_options(chatelaine_flags INTERFACE -fuse-ld=mold)
endif()
