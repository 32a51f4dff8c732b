# cmake -DSOURCE=db/sql/demo -DOUTPUT=demo_text.c -P embed_demo.cmake
#
# Writes the scripts of the demo's databases (include/db/sample_scripts.h) in the order of their numbers. A file
# is NN_name.brain.sql, .bot.sql or .both.sql; as in embed_sql.cmake, texts become byte arrays.
set(side_brain DB_BRAIN)
set(side_bot DB_BOT)
set(side_both DB_SIDES)
file(GLOB files ${SOURCE}/*.sql)
list(SORT files)
set(arrays "")
set(rows "")
foreach(file ${files})
    get_filename_component(name ${file} NAME)
    string(REGEX MATCH "^([0-9]+_[a-z_]+)\\.(brain|bot|both)\\.sql$" ok ${name})
    if(NOT ok)
        message(FATAL_ERROR "${file}: want NN_name.brain.sql, .bot.sql or .both.sql")
    endif()
    set(id "s${CMAKE_MATCH_1}_${CMAKE_MATCH_2}")
    set(side ${side_${CMAKE_MATCH_2}})
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(APPEND arrays "static const char ${id}[] = {${bytes}0};\n")
    string(APPEND rows "    {\"${name}\", ${side}, ${id}},\n")
endforeach()
file(WRITE ${OUTPUT} "/* Made by cmake/embed_demo.cmake from db/sql/demo. */
#include \"db/sample_scripts.h\"

#include <stddef.h>

${arrays}
const struct db_sample_script db_sample_scripts[] = {
${rows}    {NULL, DB_SIDES, NULL},
};
")
