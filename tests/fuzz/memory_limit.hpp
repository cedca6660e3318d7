#pragma once

namespace eprop::fuzz {

/// From now on the process gets some GiB in all. A single wish for more than 64 MiB is never
/// granted, so that absurd ones end at once.
void limit_memory();

}  // namespace eprop::fuzz
