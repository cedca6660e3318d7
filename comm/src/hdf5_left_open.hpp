#pragma once

namespace eprop::comm {

/// Closes the objects given to close_when_job_ends(). Collective over the ranks that share files.
void close_what_is_left_open();

}  // namespace eprop::comm
