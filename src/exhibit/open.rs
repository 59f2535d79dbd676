//! From a scene file to a stage, and every problem on the way.
