# The warnings that every target of this project is built with; -Werror comes with the presets.
add_library(zm_warnings INTERFACE)
target_compile_options(zm_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
    -Wformat=2 -Wvla -Wwrite-strings -Wpointer-arith)
# What pkg-config says for ncursesw, and what POSIX.1-2008 plus the BSD parts of glibc need.
target_compile_definitions(zm_warnings INTERFACE
    _DEFAULT_SOURCE _XOPEN_SOURCE=600 _POSIX_C_SOURCE=200809L)
