# What nearly every source reads and what never changes here: compiled once (by base, and by base_test with GoogleTest),
# it halves the time that a file takes. Sources include what they use all the same: the tidy preset builds without.
set(CHATELAINE_PRECOMPILED <algorithm> <array> <chrono> <coroutine> <expected> <functional> <map> <memory> <optional>
  <set> <span> <string> <string_view> <unordered_map> <variant> <vector>
  <boost/json/array.hpp> <boost/json/object.hpp> <boost/json/serialize.hpp> <boost/json/value.hpp>)

# chatelaine_layer(NAME SOURCES a.cpp … DEPENDS lower … LIBRARIES Boost::json …  [PRIVATE_LIBRARIES …] [PRECOMPILE <vector> …])
#
# One static library a layer, `chatelaine_NAME`, with an include root of its own: a directory that holds nothing but a
# link called NAME to the layer's sources. `#include "oauth/scope.hpp"` therefore compiles only in a layer that DEPENDS
# on oauth (directly, or through a layer that it depends on). tests/gates/layers checks what the compiler really read.
function(chatelaine_layer name)
  cmake_parse_arguments(LAYER "" "" "SOURCES;DEPENDS;LIBRARIES;PRIVATE_LIBRARIES;PRECOMPILE" ${ARGN})
  set(root ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${root}/${name} SYMBOLIC)

  if(LAYER_SOURCES)
    add_library(chatelaine_${name} STATIC ${LAYER_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(chatelaine_${name} PRIVATE ${LAYER_PRIVATE_LIBRARIES})
    if(LAYER_PRECOMPILE OR name STREQUAL "base")
      target_precompile_headers(chatelaine_${name} PRIVATE ${CHATELAINE_PRECOMPILED} ${LAYER_PRECOMPILE})
    else()
      target_precompile_headers(chatelaine_${name} REUSE_FROM chatelaine_base)
    endif()
  else()
    add_library(chatelaine_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(chatelaine_${name} ${scope} ${root})
  target_link_libraries(chatelaine_${name} ${scope} chatelaine_flags ${LAYER_LIBRARIES})
  foreach(lower IN LISTS LAYER_DEPENDS)
    target_link_libraries(chatelaine_${name} ${scope} chatelaine_${lower})
  endforeach()
endfunction()

# chatelaine_test(NAME SOURCES a_test.cpp … DEPENDS layer … [LIBRARIES …])
# One GoogleTest program `NAME_test`, registered with CTest under the label "unit".
function(chatelaine_test name)
  if(NOT CHATELAINE_TESTS)
    return()
  endif()
  cmake_parse_arguments(TEST "" "LABEL" "SOURCES;DEPENDS;LIBRARIES" ${ARGN})
  add_executable(${name}_test ${TEST_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${TEST_LIBRARIES} GTest::gtest_main GTest::gmock)
  foreach(layer IN LISTS TEST_DEPENDS)
    target_link_libraries(${name}_test PRIVATE chatelaine_${layer})
  endforeach()
  if(name STREQUAL "base")
    target_precompile_headers(base_test PRIVATE ${CHATELAINE_PRECOMPILED} <gmock/gmock.h> <gtest/gtest.h>)
  else()
    target_precompile_headers(${name}_test REUSE_FROM base_test)
  endif()
  if(NOT TEST_LABEL)
    set(TEST_LABEL unit)
  endif()
  add_test(NAME ${name} COMMAND ${name}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS ${TEST_LABEL} TIMEOUT 300)
endfunction()
