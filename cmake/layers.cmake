# A layer is a folder of sources, a folder of headers under include/, and a static library.
# Its include path holds only the headers of the layers that it may know.

function(zm_header_path layer)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include/${layer})
    file(CREATE_LINK ${CMAKE_SOURCE_DIR}/include/${layer}
         ${CMAKE_BINARY_DIR}/include/${layer}/${layer} SYMBOLIC)
endfunction()

zm_header_path(zm)
add_library(zm INTERFACE)
target_include_directories(zm INTERFACE ${CMAKE_BINARY_DIR}/include/zm)

# zm_layer(NAME DEPENDS layers [LINKS libraries] [EXCEPT files])
function(zm_layer name)
    cmake_parse_arguments(LAYER "" "" "DEPENDS;LINKS;EXCEPT" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${name}/*.c)
    foreach(file ${LAYER_EXCEPT})
        list(REMOVE_ITEM sources ${CMAKE_SOURCE_DIR}/${name}/${file})
    endforeach()
    zm_header_path(${name})
    add_library(${name} STATIC ${sources})
    target_include_directories(${name} PUBLIC ${CMAKE_BINARY_DIR}/include/${name})
    target_link_libraries(${name} PUBLIC ${LAYER_DEPENDS} PRIVATE zm_warnings ${LAYER_LINKS})
endfunction()

# What changes when a file is added to files that are embedded, or taken away from them: a file of
# their names. A removed dependency alone rebuilds nothing.
function(zm_names name files ret)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${name}.names CONTENT "${files}\n" @ONLY)
    set(${ret} ${CMAKE_BINARY_DIR}/${name}.names PARENT_SCOPE)
endfunction()

# Every file of db/sql/{brain,bot,either} becomes a row of the table of statements (db/sql.h).
function(zm_embed_sql target)
    file(GLOB statements CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/db/sql/brain/*.sql
         ${CMAKE_SOURCE_DIR}/db/sql/bot/*.sql ${CMAKE_SOURCE_DIR}/db/sql/either/*.sql)
    zm_names(sql_text "${statements}" names)
    add_custom_command(
        OUTPUT ${CMAKE_BINARY_DIR}/sql_text.c
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${CMAKE_BINARY_DIR}/sql_text.c
                -DSOURCE=${CMAKE_SOURCE_DIR}/db/sql -P ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
        DEPENDS ${statements} ${names} ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
        COMMENT "Embedding SQL statements")
    target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/sql_text.c)
endfunction()

# The scripts of the demo's databases (db/sample_scripts.h).
function(zm_embed_demo target)
    file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/db/sql/demo/*.sql)
    zm_names(demo_text "${scripts}" names)
    add_custom_command(
        OUTPUT ${CMAKE_BINARY_DIR}/demo_text.c
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${CMAKE_BINARY_DIR}/demo_text.c
                -DSOURCE=${CMAKE_SOURCE_DIR}/db/sql/demo -P ${CMAKE_SOURCE_DIR}/cmake/embed_demo.cmake
        DEPENDS ${scripts} ${names} ${CMAKE_SOURCE_DIR}/cmake/embed_demo.cmake
        COMMENT "Embedding the scripts of the demo")
    target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/demo_text.c)
endfunction()

# The e-mail templates that come with the program (db/mail_template.h).
function(zm_embed_mail target)
    file(GLOB templates CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/templates/*.html)
    zm_names(mail_text "${templates}" names)
    add_custom_command(
        OUTPUT ${CMAKE_BINARY_DIR}/mail_text.c
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${CMAKE_BINARY_DIR}/mail_text.c
                -DSOURCE=${CMAKE_SOURCE_DIR}/templates -P ${CMAKE_SOURCE_DIR}/cmake/embed_mail.cmake
        DEPENDS ${templates} ${names} ${CMAKE_SOURCE_DIR}/cmake/embed_mail.cmake
        COMMENT "Embedding the e-mail templates")
    target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/mail_text.c)
endfunction()
