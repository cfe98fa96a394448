# chatelaine_embed(LAYER ROOT FILES…): compiles files into a layer as `chatelaine::LAYER::embedded_files()` of
# LAYER/embedded.hpp, so that the installed program is one file. ROOT is stripped from each name.
function(chatelaine_embed layer root)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded.cpp)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${generated} -DLAYER=${layer} -DROOT=${root} "-DFILES=${ARGN}"
      -P ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake VERBATIM)
  target_sources(chatelaine_${layer} PRIVATE ${generated})
endfunction()
