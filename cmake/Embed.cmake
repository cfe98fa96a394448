# chatelaine_embed(TARGET ROOT FILES…): compiles files into TARGET as `embedded_files()` of pages/embedded.hpp, so that the
# installed program is one file. ROOT is stripped from each name.
function(chatelaine_embed target root)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${generated} -DROOT=${root} "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake VERBATIM)
  target_sources(${target} PRIVATE ${generated})
endfunction()
