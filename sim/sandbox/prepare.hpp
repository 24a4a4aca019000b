#pragma once

/// What pid 1 does to its fresh namespaces before anyone lives there.
namespace loopscope::sandbox {

/// Mounts, settings, `lo`. Throws SystemError whose call() names the step.
void prepare_world();

/// Where a world's own files are: an empty folder on the world's tmpfs that all its processes may write to.
inline constexpr const char* working_folder = "/tmp/lab";

}  // namespace loopscope::sandbox
