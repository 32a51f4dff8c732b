# What `cmake --install` and the Debian package hold. The man page and the completion are printed by
# the program itself, from the tables that parse its command line.
include(GNUInstallDirs)

set(man_page ${CMAKE_BINARY_DIR}/zmartctl.1)
set(completion ${CMAKE_BINARY_DIR}/zmartctl.bash)
add_custom_command(
    OUTPUT ${man_page} ${completion}
    COMMAND zmartctl help --man > ${man_page}
    COMMAND zmartctl help --completion > ${completion}
    DEPENDS zmartctl
    COMMENT "Printing the man page and the completion")
add_custom_target(manual DEPENDS ${man_page} ${completion})

install(TARGETS zmartctl RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES zmartctl.conf.example README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY templates DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${man_page} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${completion} DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME zmartctl)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME zmartctl)
set(CPACK_PACKAGE_CONTACT "operations@example.com")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What the program loads itself: cmake/libpq_lazy.c, cmake/libcurl_lazy.c
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libpq5 (>= 14), libcurl4 | libcurl3-gnutls")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS postgresql)
include(CPack)
