# SPDX-License-Identifier: MIT
# Each component is an export set of its own, so that `COMPONENTS core` asks for nothing that only io needs.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(fusegrad_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/fusegrad")

install(TARGETS fusegrad_core fusegrad_kernels EXPORT fusegrad-core
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT core)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/src/kernels/" DESTINATION "${fusegrad_installed_kernels}" COMPONENT core)
install(EXPORT fusegrad-core NAMESPACE fusegrad:: DESTINATION "${fusegrad_package_dir}" COMPONENT core)

if(TARGET fusegrad_io)
  install(TARGETS fusegrad_io EXPORT fusegrad-io ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT io)
  install(EXPORT fusegrad-io NAMESPACE fusegrad:: DESTINATION "${fusegrad_package_dir}" COMPONENT io)
  # The digits are compiled in; their licence asks for attribution wherever they go.
  install(FILES LICENSE src/data/LICENSE-digits DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT io)
endif()

if(TARGET OpenMP::OpenMP_CXX)
  set(FUSEGRAD_HAS_OPENMP ON)
else()
  set(FUSEGRAD_HAS_OPENMP OFF)
endif()
set(FUSEGRAD_HAS_PNG OFF)
if(TARGET fusegrad_io)
  get_target_property(fusegrad_io_definitions fusegrad_io COMPILE_DEFINITIONS)
  if("FUSEGRAD_HAS_PNG" IN_LIST fusegrad_io_definitions)
    set(FUSEGRAD_HAS_PNG ON)
  endif()
endif()
configure_package_config_file(cmake/fusegrad-config.cmake.in fusegrad-config.cmake
  INSTALL_DESTINATION "${fusegrad_package_dir}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(fusegrad-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/fusegrad-config.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/fusegrad-config-version.cmake"
  DESTINATION "${fusegrad_package_dir}" COMPONENT core)
